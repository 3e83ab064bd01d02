using WaLab;
using WaLab.Servers;

namespace WaMigration.Tests.Migration;

/// <summary>Option 2 by its runbook, on a lab.</summary>
public sealed class MessageMigrationTests
{
    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task Rehearsed_and_paused_it_moves_settings_and_messages_and_leaves_users_and_tokens_behind(LabDatabaseEngine engine)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2, new LabOptions { DatabaseEngine = engine });
        var lab = migration.Lab;
        var databases = await lab.ListDatabasesAsync(lab.Old, cancellation);

        var rehearsal = migration.Migrate("-Rehearsal").MustSucceed();

        Assert.Contains(rehearsal.Warnings, line => line.StartsWith("Rehearsed: 'old' was left alone", StringComparison.Ordinal));
        Assert.Equal("Planned Source", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        var id = await lab.Old.Api.SendTextAsync(Lab.TestContact, "Sent after the rehearsal", cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), cancellation);

        migration.Migrate("-TwoStepPin $pin -ResetWebhook @hook -PauseBefore 5").MustSucceed();

        Assert.Equal("Paused None", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.Equal(await migration.DigestsAsync(lab.Old), await migration.DigestsAsync(lab.New));
        Assert.DoesNotContain(lab.New.NamePrefix + "waweb", await lab.ListDatabasesAsync(lab.New, cancellation));

        migration.Migrate("-TwoStepPin $pin -ResetWebhook @hook").MustSucceed();

        Assert.Equal(Enumerable.Range(0, 11).Select(number => number + (number == 3 ? " Skipped" : " Done")), migration.Steps());
        Assert.Equal(
            "AwaitingRetention Destination True True",
            migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy) $($m.OutboundDowntime.IsOver) $($m.InboundDowntime.IsOver)\"").Single().ToString());
        Assert.NotNull(migration.Run("$m.FirstMessageDelivered").Single());
        Assert.Empty(lab.Old.ContainerNames);
        Assert.Equal(databases, await lab.ListDatabasesAsync(lab.Old, cancellation));
        Assert.Equal("False", migration.Run("(Test-WaToken $new -Source $old).IsAccepted").Single().ToString());
        await migration.LogInOnNewAsync();
        await migration.CheckServiceAsync(lab.New);
        Assert.True((await lab.Service.GetNumberAsync(lab.Number, cancellation)).TwoStep);
    }
}
