using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Kills;
using WaMigration.Tests.Undo;

namespace WaMigration.Tests.RealHosts;

/// <summary>What takes too long for every run of the tests: <c>build.ps1 Soak</c> runs it, method by method.</summary>
[Collection(RealHostsGroup.Name)]
public sealed class LongMigrationTests(RealGroundFixture ground)
{
    public static TheoryData<int> Steps => [.. KillPoint.All.Select(point => point.Step)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [MemberData(nameof(Steps))]
    public Task Killed_before_a_request_arrives_it_ends_as_an_undisturbed_one(int step) => CheckAsync(LabHosts.RealOne, null, step, HoldPoint.BeforeRequest);

    [Theory(Explicit = true)]
    [MemberData(nameof(Steps))]
    public Task Killed_before_an_answer_arrives_it_ends_as_an_undisturbed_one(int step) => CheckAsync(LabHosts.RealOne, null, step, HoldPoint.AfterEffect);

    [Theory(Explicit = true)]
    [MemberData(nameof(Steps))]
    public Task Killed_on_two_hosts_a_side_it_ends_as_an_undisturbed_one(int step) => CheckAsync(LabHosts.RealTwo, null, step, HoldPoint.AfterEffect);

    [Theory(Explicit = true)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public Task Killed_with_several_Masters_and_shards_it_ends_as_an_undisturbed_one(int step) =>
        CheckAsync(LabHosts.RealOne, new LabTopology(2, 5, 4), step, HoldPoint.AfterEffect);

    [Theory(Explicit = true)]
    [InlineData(2, HoldPoint.BeforeRequest)]
    [InlineData(2, HoldPoint.AfterEffect)]
    [InlineData(3, HoldPoint.BeforeRequest)]
    [InlineData(3, HoldPoint.AfterEffect)]
    public async Task Killed_in_every_step_with_databases_it_ends_as_an_undisturbed_one(int option, HoldPoint when) =>
        await MigrationUnderKill.CheckEveryStepAsync(option, await ground.OptionsAsync(LabHosts.RealOne), when, Cancellation);

    [Theory(Explicit = true)]
    [MemberData(nameof(UndoWithDatabasesTests.EveryStep), MemberType = typeof(UndoWithDatabasesTests))]
    public async Task Cut_off_in_a_step_with_databases_it_is_undone_and_the_old_client_serves_as_before(int option, int step) =>
        await UndoWithDatabasesTests.CutAndUndoAsync(option, step, HoldPoint.AfterEffect, await ground.OptionsAsync(LabHosts.RealOne));

    private async Task CheckAsync(LabHosts hosts, LabTopology? topology, int step, HoldPoint when)
    {
        var point = KillPoint.All.Single(known => known.Step == step);

        // On two hosts the points are on the first one, which has three nodes.
        await MigrationUnderKill.CheckAsync(await ground.OptionsAsync(hosts, topology), [(point, when)], Cancellation);
    }
}
