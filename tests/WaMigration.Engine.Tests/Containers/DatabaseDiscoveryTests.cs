using WaMigration.Containers;
using WaMigration.Security;
using WaMigration.Setups;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.Containers;

public sealed class DatabaseDiscoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_variables_of_the_containers_tell_engine_address_login_and_prefix()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port, prefix: "old_", databaseHost: "db.example.com");
        var setup = lab.Setup("old", port);

        var found = await DatabaseDiscovery.EnsureAsync(setup, lab.Operation);

        Assert.NotNull(found);
        Assert.Same(found, setup.Database);
        Assert.Equal(WaDatabaseEngine.PostgreSql, found.Engine);
        Assert.Equal(("db.example.com", 1, "wa", "old_"), (found.Server, found.Port, found.UserName, found.NamePrefix));
        Assert.Equal(DockerLab.Password, found.Password.Reveal());
    }

    [Fact]
    public async Task A_name_that_only_the_containers_know_is_mapped_to_the_published_port()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.Add(new DockerImage("postgres", "13.8") { Command = ["postgres"] });
        var (port, published) = (lab.Port(), lab.Port());
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port, databaseHost: "db");
        await lab.Docker.CreateContainerAsync(
            new ContainerDefinition
            {
                Name = "old_db_1",
                Image = "postgres:13.8",
                Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "old", ["com.docker.compose.service"] = "db" },
                Ports = [new PortPublication(1, "tcp", string.Empty, published)],
            },
            Cancellation);

        var found = await DatabaseDiscovery.EnsureAsync(lab.Setup("old", port), lab.Operation);

        Assert.Equal(("127.0.0.1", published), (found!.Server, found.Port));
        Assert.Equal(("db", 1), (found.ClientHost, found.ClientPort));
    }

    [Fact]
    public async Task What_was_given_stays_and_what_nobody_tells_is_null()
    {
        await using var lab = await DockerLab.StartAsync();
        var given = DockerLab.Database("mine_");
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port, prefix: "old_");

        Assert.Same(given, await DatabaseDiscovery.EnsureAsync(lab.Setup("old", port, given), lab.Operation));
        Assert.Null(await DatabaseDiscovery.EnsureAsync(lab.Setup("none"), lab.Operation));
    }

    [Theory]
    [InlineData("host.docker.internal", "127.0.0.1")]
    [InlineData("given", "192.0.2.7")]
    [InlineData("elsewhere.example", "elsewhere.example")]
    public async Task Names_of_Docker_and_of_the_hosts_file_are_known(string called, string expected)
    {
        await using var lab = await DockerLab.StartAsync();
        var definition = new ContainerDefinition
        {
            Name = "wacore",
            Image = "docker.whatsapp.biz/coreapp:v2.53.1",
            Environment = ["WA_DB_ENGINE=PGSQL", "WA_DB_HOSTNAME=" + called],
            ExtraHosts = ["given:192.0.2.7", "host.docker.internal:host-gateway"],
        };
        var container = new ClientContainer(WaNodeRole.Coreapp, lab.Docker, ContainerDetail.Created("id", definition));

        var found = DatabaseDiscovery.Find([container], []);

        Assert.Equal((expected, 5432), (found!.Server, found.Port));
    }
}
