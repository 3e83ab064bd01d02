using WaLab;
using WaLab.Proxies;
using WaLab.Servers;
using WaMigration.Tests.Kills;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Undo;

/// <summary>The way back from Options 2 and 3, before and after the new client has served.</summary>
public sealed class UndoWithDatabasesTests
{
    /// <summary>Options 2 and 3, each step.</summary>
    public static TheoryData<int, int> EveryStep =>
    [
        .. from option in (int[])[2, 3]
           from point in KillPoint.Of(option)
           select new TheoryDataRow<int, int>(option, point.Step),
    ];

    /// <param name="option">The guide's option.</param>
    /// <param name="step">The step that is cut off.</param>
    /// <param name="when">Before its request arrives, or after its effect and before its answer.</param>
    [Theory]
    [InlineData(2, 2, HoldPoint.AfterEffect)]
    [InlineData(3, 6, HoldPoint.AfterEffect)]
    public Task Cut_off_in_a_step_it_is_undone_and_the_old_client_serves_as_before(int option, int step, HoldPoint when) => CutAndUndoAsync(option, step, when);

    [Theory(Explicit = true)]
    [MemberData(nameof(KilledWithDatabasesTests.Everywhere), MemberType = typeof(KilledWithDatabasesTests))]
    public Task Cut_off_anywhere_it_is_undone_and_the_old_client_serves_as_before(int option, int step, HoldPoint when) => CutAndUndoAsync(option, step, when);

    [Theory(Explicit = true)]
    [MemberData(nameof(EveryStep))]
    public Task Cut_off_anywhere_on_MariaDB_it_is_undone_and_the_old_client_serves_as_before(int option, int step) =>
        CutAndUndoAsync(option, step, HoldPoint.AfterEffect, new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = LabDatabaseEngine.MariaDb });

    [Theory(Explicit = true)]
    [MemberData(nameof(EveryStep))]
    public Task Cut_off_anywhere_on_MySQL_it_is_undone_and_the_old_client_serves_as_before(int option, int step) =>
        CutAndUndoAsync(option, step, HoldPoint.AfterEffect, new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = LabDatabaseEngine.MySql });

    /// <summary>Cuts a migration off on a lab, undoes it, and looks whether the old client serves as before.</summary>
    internal static async Task CutAndUndoAsync(int option, int step, HoldPoint when, LabOptions? options = null)
    {
        await using var migration = await DatabaseMigration.StartAsync(option, options);
        await migration.MigrateUntilAsync(step, when);

        migration.Undo(migration.MayHaveServed ? "-TwoStepPin $pin -CarryBack" : "-TwoStepPin $pin").MustSucceed();

        Assert.Empty(migration.Lab.New.ContainerNames);
        await migration.CheckServiceAsync(migration.Lab.Old);
    }

    [Fact]
    public async Task Before_the_new_client_was_started_the_old_one_simply_comes_back()
    {
        await using var migration = await DatabaseMigration.StartAsync(2);
        migration.Migrate("-TwoStepPin $pin -ResetWebhook @hook -PauseBefore 5").MustSucceed();

        migration.Undo("-TwoStepPin $pin").MustSucceed();

        Assert.Empty(migration.Lab.New.ContainerNames);
        await migration.CheckServiceAsync(migration.Lab.Old);
    }

    [Fact]
    public async Task What_the_new_client_has_is_carried_back_once_it_was_said()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var migration = await DatabaseMigration.StartAsync(2);
        var lab = migration.Lab;
        migration.Migrate().MustSucceed();
        await migration.LogInOnNewAsync();
        var id = await lab.New.Api.SendTextAsync(Lab.TestContact, "Sent by the new client", cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "read", TimeSpan.FromSeconds(20), cancellation);

        Assert.Equal(["UndoDecisionNeeded"], migration.Undo().ErrorIds);
        Assert.Equal(["UndoDecisionNeeded"], migration.Undo("-CarryBack -DiscardNewMessages").ErrorIds);
        Assert.NotEmpty(lab.New.ContainerNames);

        migration.Undo("-CarryBack").MustSucceed();

        Assert.Empty(lab.New.ContainerNames);
        Assert.Equal("Undone Source", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.True(Directory.Exists(Path.Combine(migration.Folder, "old-databases")));
        await migration.CheckServiceAsync(lab.Old);
    }

    [Fact]
    public async Task What_came_to_the_new_client_is_given_up_where_that_was_said_and_the_costs_are_told()
    {
        await using var migration = await DatabaseMigration.StartAsync(2);
        migration.Migrate().MustSucceed();

        var result = migration.Undo("-DiscardNewMessages").MustSucceed();

        Assert.Contains(result.Warnings, line => line.Contains("messageStore public.messages +1", StringComparison.Ordinal));
        await migration.CheckServiceAsync(migration.Lab.Old, restores: 1);
    }
}
