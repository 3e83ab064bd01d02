using WaLab;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Option 1 by its runbook, on a lab.</summary>
public sealed class SettingsMigrationTests
{
    [Fact]
    public Task The_number_moves_and_nothing_but_the_old_containers_is_gone() => MovesAsync(new LabOptions());

    [Theory]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public Task It_moves_likewise_where_the_databases_are_on(LabDatabaseEngine engine) =>
        MovesAsync(new LabOptions { DatabaseEngine = engine, Topology = new LabTopology(1, 2, 1) });

    private static async Task MovesAsync(LabOptions options)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(options);
        var before = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        var oldDatabases = await session.Lab.ListDatabasesAsync(session.Lab.Old, cancellation);

        var result = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin -ResetWebhook @hook");

        var migration = result.MustSucceed().Single();
        Assert.Equal("AwaitingRetention", ScriptResult.Value(migration, "State")!.ToString());
        Assert.Equal("Destination", ScriptResult.Value(migration, "ServedBy")!.ToString());
        session.Shell.Set("m", migration);
        Assert.Equal(
            Enumerable.Range(1, 10).Select(number => number + " Done"),
            session.Run("$m.Steps | ForEach-Object { \"$($_.Number) $($_.State)\" }").MustSucceed().Output.Select(line => line.ToString()));
        Assert.Equal("True True", session.Run("\"$($m.OutboundDowntime.IsOver) $($m.InboundDowntime.IsOver)\"").Single().ToString());
        Assert.NotNull(session.Run("$m.FirstMessageDelivered").Single());
        Assert.Equal(oldDatabases.Order(), session.Run("$m.KeptDatabases").MustSucceed().Output.Select(name => name.ToString()).Order());

        Assert.Empty(session.Lab.Old.ContainerNames);
        Assert.Equal(oldDatabases, await session.Lab.ListDatabasesAsync(session.Lab.Old, cancellation));
        var after = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        Assert.Equal(before.RegistrationId, after.RegistrationId);
        Assert.Equal(1, after.Restores);
        Assert.Equal(0, after.Kicks);
        Assert.True(after.TwoStep);
        Assert.NotEmpty(session.Lab.Webhook.Calls);
    }
}
