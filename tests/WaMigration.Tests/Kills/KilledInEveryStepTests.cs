using WaLab;
using WaLab.Proxies;

namespace WaMigration.Tests.Kills;

/// <summary>
/// Option 1, killed in its first step, started again, killed in its next one, and so on to the last; the run after that ends
/// it. One kill each on a client of its own is what Soak does, on real hosts.
/// </summary>
public sealed class KilledInEveryStepTests
{
    /// <param name="when">While a step's request is on the way and has not arrived; or when it has had its effect and the answer has not arrived.</param>
    [Theory]
    [InlineData(HoldPoint.BeforeRequest)]
    [InlineData(HoldPoint.AfterEffect)]
    public Task The_last_run_ends_as_an_undisturbed_one(HoldPoint when) => MigrationUnderKill.CheckEveryStepAsync(
        1,
        new LabOptions { Topology = MigrationUnderKill.Small },
        when,
        TestContext.Current.CancellationToken);
}
