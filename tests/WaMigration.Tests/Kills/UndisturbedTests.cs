namespace WaMigration.Tests.Kills;

/// <summary>Option 1 as a script of its own, from start to end.</summary>
public sealed class UndisturbedTests
{
    [Fact]
    public Task Option_1_moves_the_number_in_one_run() =>
        MigrationUnderKill.CheckUndisturbedAsync(TestContext.Current.CancellationToken);
}
