using WaLab.Proxies;

namespace WaMigration.Tests.Kills;

/// <summary>Option 1, killed in each of its steps when its request has had its effect and the answer has not arrived.</summary>
public sealed class KilledBeforeAnAnswerArrivesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public Task The_second_run_ends_as_an_undisturbed_one(int step) =>
        MigrationUnderKill.CheckAsync(step, HoldPoint.AfterEffect, TestContext.Current.CancellationToken);
}
