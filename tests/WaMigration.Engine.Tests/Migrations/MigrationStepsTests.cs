using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

public sealed class MigrationStepsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingConsole console = new();

    [Fact]
    public async Task Steps_run_in_the_guides_order_and_not_before_it()
    {
        using var migration = await StartAsync();

        var error = Assert.Throws<WaException>(() => Begin(migration, 2));

        Assert.Equal("StepOutOfOrder", error.ErrorId);
        Assert.Equal(WaStepState.NotStarted, migration.Steps[1].State);
    }

    [Fact]
    public async Task A_step_that_is_done_is_passed_over_in_the_next_run()
    {
        using (var migration = await StartAsync())
        {
            Assert.Equal(StepDecision.Run, Begin(migration, 1));
            MigrationSteps.Done(migration.Run, 1);
        }

        using var again = await StartAsync();
        Assert.Equal(StepDecision.PassOver, Begin(again, 1));
        Assert.Equal(1, again.Steps[0].Attempts);
    }

    [Fact]
    public async Task A_step_that_was_interrupted_is_repeated_and_counted()
    {
        using (var migration = await StartAsync())
        {
            Begin(migration, 1);
        }

        using var again = await StartAsync();
        Assert.Equal(WaStepState.Interrupted, again.Steps[0].State);
        Assert.Equal(StepDecision.Run, Begin(again, 1));
        Assert.Equal(2, again.Steps[0].Attempts);
    }

    [Fact]
    public async Task A_failed_step_names_its_error_and_the_migration_stands_at_failed_after_the_run()
    {
        var migration = await StartAsync();
        Begin(migration, 1);
        MigrationSteps.Failed(migration.Run, 1, "HealthNotReached,X", "not well");
        migration.Dispose();

        var read = new WaMigration(MigrationFolder.Read(folder.File("m"), console.Operation()));
        Assert.Equal(WaMigrationState.Failed, read.State);
        Assert.Equal(WaStepState.Failed, read.CurrentStep!.State);
        Assert.Equal("HealthNotReached,X", read.CurrentStep.ErrorId);
        Assert.Equal("not well", read.CurrentStep.Error);
    }

    [Fact]
    public async Task A_skipped_step_keeps_its_reason_and_lets_the_next_one_run()
    {
        using var migration = await StartAsync();
        Assert.Equal(StepDecision.PassOver, MigrationSteps.Begin(migration.Run, 1, "Install", "done by hand", console.Operation()));

        Assert.Equal("done by hand", migration.Steps[0].Reason);
        Assert.Equal(StepDecision.Run, Begin(migration, 2));
    }

    [Fact]
    public async Task A_skipped_step_may_run_later_as_long_as_no_later_step_has_begun()
    {
        using var migration = await StartAsync();
        MigrationSteps.Begin(migration.Run, 1, "Install", "not yet", console.Operation());
        Assert.Equal(StepDecision.Run, Begin(migration, 1));
        MigrationSteps.Done(migration.Run, 1);

        MigrationSteps.Begin(migration.Run, 2, "Log in", "not wanted", console.Operation());
        Begin(migration, 3);

        Assert.Equal(StepDecision.PassOver, Begin(migration, 2));
    }

    [Fact]
    public async Task Only_a_migration_whose_steps_are_behind_can_be_completed()
    {
        using var migration = await StartAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => MigrationCompletion.CompleteAsync(migration.Run, console.Operation()));

        Assert.Equal("StepsNotDone", error.ErrorId);
        Assert.Equal(WaMigrationState.Running, migration.State);
    }

    [Fact]
    public async Task Completion_gives_the_date_14_days_on_and_a_rerun_says_so_and_does_nothing()
    {
        using (var migration = await StartAsync())
        {
            for (var number = 1; number <= 10; number++)
            {
                Begin(migration, number);
                MigrationSteps.Done(migration.Run, number);
            }

            await MigrationCompletion.CompleteAsync(migration.Run, console.Operation());
            Assert.Equal(WaMigrationState.AwaitingRetention, migration.State);
            Assert.Equal(migration.CompletedAt!.Value.AddDays(14), migration.DatabasesMayGoAfter);
        }

        using var again = await StartAsync();
        Assert.Equal(WaMigrationState.AwaitingRetention, again.State);
        Assert.Contains(console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Equal(StepDecision.PassOver, Begin(again, 5));
    }

    [Fact]
    public async Task A_closed_migration_takes_no_steps()
    {
        var migration = await StartAsync();
        migration.Dispose();

        Assert.Equal("MigrationNotOpen", Assert.Throws<WaException>(() => migration.Run).ErrorId);
    }

    public void Dispose() => folder.Dispose();

    private StepDecision Begin(WaMigration migration, int number) =>
        MigrationSteps.Begin(migration.Run, number, "Step", null, console.Operation());

    private Task<WaMigration> StartAsync() => MigrationStarter.StartAsync(
        new StartOptions
        {
            Path = folder.File("m"),
            Option = 1,
            Source = DescribedSetup.Named("old", "https://old.example:9090", "15550001"),
            Destination = DescribedSetup.Named("new", "https://new.example:9090"),
        },
        console.Operation());
}
