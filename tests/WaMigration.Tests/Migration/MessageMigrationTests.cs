using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Option 2 by its runbook, on a lab.</summary>
public sealed class MessageMigrationTests
{
    [Fact]
    public async Task Settings_and_messages_move_and_users_and_tokens_stay_behind()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(new LabOptions());
        var before = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        var oldDatabases = await session.Lab.ListDatabasesAsync(session.Lab.Old, cancellation);
        session.Shell.Set("runbook", ModuleUnderTest.Runbook("Invoke-WaMessageMigration.ps1"));
        session.Run("$common.Remove('AllowUndelivered')");

        var result = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin -ResetWebhook @hook");

        var migration = result.MustSucceed().Single();
        Assert.Equal("AwaitingRetention", ScriptResult.Value(migration, "State")!.ToString());
        Assert.Equal("Destination", ScriptResult.Value(migration, "ServedBy")!.ToString());
        session.Shell.Set("m", migration);
        Assert.Equal(
            Enumerable.Range(0, 11).Select(number => number + (number == 3 ? " Skipped" : " Done")),
            session.Run("$m.Steps | ForEach-Object { \"$($_.Number) $($_.State)\" }").MustSucceed().Output.Select(line => line.ToString()));
        Assert.Equal("True True", session.Run("\"$($m.OutboundDowntime.IsOver) $($m.InboundDowntime.IsOver)\"").Single().ToString());
        Assert.NotNull(session.Run("$m.FirstMessageDelivered").Single());

        Assert.Empty(session.Lab.Old.ContainerNames);
        Assert.Equal(oldDatabases, await session.Lab.ListDatabasesAsync(session.Lab.Old, cancellation));
        var after = await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation);
        Assert.Equal(before.RegistrationId, after.RegistrationId);
        Assert.Equal(before.Restores, after.Restores);
        Assert.Equal(before.IdentityUploads, after.IdentityUploads);
        Assert.Equal((0, 0, 0, 0), (after.Kicks, after.KeyErrors, after.CounterErrors, after.DuplicateMessages));
        Assert.True(after.TwoStep);
    }
}
