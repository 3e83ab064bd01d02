using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class RegistrationGuardTests
{
    [Fact]
    public async Task Databases_that_are_not_there_or_empty_carry_no_registration_and_that_is_written_down()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("configStore");
        var setup = lab.Setup("new", database: stores.Database);

        Assert.False(await RegistrationGuard.CarriesRegistrationAsync(setup, null, lab.Operation));
        Assert.Equal([JournalKinds.DatabaseFresh], DockerLab.Journal(setup).Kinds);

        // From now on the journal tells it, though nodes make tables.
        await stores.DoAsync("configStore", "create table settings (id int)");
        Assert.False(await RegistrationGuard.CarriesRegistrationAsync(setup, null, lab.Operation));

        // Until a restore may have been sent.
        setup.Journal.Write(JournalKinds.RestoreSending, "new");
        Assert.Null(await RegistrationGuard.CarriesRegistrationAsync(setup, null, lab.Operation));
    }

    [Fact]
    public async Task Databases_with_tables_may_carry_one()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("configStore", "create table settings (id int)");

        Assert.Null(await RegistrationGuard.CarriesRegistrationAsync(lab.Setup("new", database: stores.Database), null, lab.Operation));
    }

    [Fact]
    public async Task The_other_clients_own_databases_carry_it_whatever_they_are_called_from_here()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        var own = stores.Database;
        var other = new WaDatabaseServer(own.Engine, "localhost", own.Port, own.UserName, own.Password, own.NamePrefix.ToUpperInvariant(), WaSslMode.Disable);

        Assert.True(await RegistrationGuard.CarriesRegistrationAsync(lab.Setup("new", database: own), lab.Setup("old", database: other), lab.Operation));
        Assert.False(await RegistrationGuard.CarriesRegistrationAsync(
            lab.Setup("new", database: own),
            lab.Setup("old", database: new WaDatabaseServer(own.Engine, own.Server, own.Port, own.UserName, own.Password, "another_", WaSslMode.Disable)),
            lab.Operation));
    }

    [Theory]
    [InlineData(WaDatabaseEngine.PostgreSql)]
    [InlineData(WaDatabaseEngine.MySql)]
    public async Task A_server_that_cannot_be_asked_may_carry_one(WaDatabaseEngine engine)
    {
        await using var lab = await DockerLab.StartAsync();

        Assert.Null(await RegistrationGuard.CarriesRegistrationAsync(lab.Setup("new", database: DockerLab.Database(engine: engine)), null, lab.Operation));
    }

    [Fact]
    public async Task A_plan_writes_nothing_down()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        var setup = lab.Setup("new", database: stores.Database);

        Assert.False(await RegistrationGuard.CarriesRegistrationAsync(setup, null, lab.Console.Operation(planOnly: true)));
        Assert.Empty(DockerLab.Journal(setup).Kinds);
    }
}
