using WaLab;
using WaLab.Proxies;
using WaLab.Runs;
using WaMigration.Tests.Kills;

namespace WaMigration.Tests.RealHosts;

/// <summary>Option 1 between real Docker hosts, as a script in a process of its own.</summary>
[Collection(RealHostsGroup.Name)]
public sealed class MigrationOnRealHostsTests(RealGroundFixture ground)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_in_steps_5_6_and_7_it_ends_as_an_undisturbed_one() => await MigrationUnderKill.CheckAsync(
        await ground.OptionsAsync(LabHosts.RealOne),
        [(Point(5), HoldPoint.AfterEffect), (Point(6), HoldPoint.AfterEffect), (Point(7), HoldPoint.BeforeRequest)],
        Cancellation);

    [Fact]
    public async Task Two_hosts_a_side_move_to_two_others_though_it_is_killed_between_the_removals() => await MigrationUnderKill.CheckAsync(
        await ground.OptionsAsync(LabHosts.RealTwo),
        [(new KillPoint(5, LabLink.OldSecondDocker, "DELETE", "^/containers/[^/]+$"), HoldPoint.AfterEffect)],
        Cancellation);

    [Fact]
    public async Task An_engine_that_dies_and_an_old_client_that_somebody_starts_again_are_met()
    {
        await using var lab = await Lab.StartAsync(await ground.OptionsAsync(LabHosts.RealOne), Cancellation);
        var before = await StateBeforeMigration.ReadAsync(lab, Cancellation);

        // The engine dies while the old client is being removed; what ran under it runs on, and nobody can look at it.
        var engine = lab.Old.RealEngines[0];
        using (var removal = lab.HoldAt(LabLink.OldDocker, "DELETE", "^/containers/[^/]+$", HoldPoint.BeforeRequest, 2))
        {
            await using var run = await MigrationUnderKill.StartAsync(lab, Cancellation);
            await run.ExpectRunningAsync(removal.Arrived, Patience);
            await engine.KillAsync(Cancellation);
            removal.Release();
            Assert.NotEqual(0, await run.WaitAsync(Patience, Cancellation));
            Assert.Contains("DockerHostUnreachable", run.Output, StringComparison.Ordinal);
        }

        await engine.StartAsync(Cancellation);
        Assert.DoesNotContain(await engine.Api.ContainersAsync(Cancellation), container => container.State == "running");
        await MigrationUnderKill.KillAtAsync(lab, Point(6), HoldPoint.BeforeRequest, Cancellation);

        // Somebody brings the old client up again by its compose file: nothing may be restored beside it.
        Assert.Empty(lab.Old.ContainerNames);
        await lab.Old.StartAgainAsync(Cancellation);
        MigrationScript.ForgetOldPin(lab);
        await using (var refused = await MigrationUnderKill.StartAsync(lab, Cancellation))
        {
            Assert.NotEqual(0, await refused.WaitAsync(Patience, Cancellation));
            Assert.Contains("SourceStillRunning", refused.Output, StringComparison.Ordinal);
            Assert.Contains(lab.Old.ContainerNames[0], refused.Output, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await lab.Service.GetNumberAsync(lab.Number, Cancellation)).Restores);
        foreach (var container in await engine.Api.ContainersAsync(Cancellation))
        {
            await engine.Api.DeleteAsync($"containers/{container.Id}?force=1", Cancellation);
        }

        await MigrationUnderKill.CompleteAsync(lab, before, Cancellation);
    }

    private static KillPoint Point(int step) => KillPoint.All.Single(point => point.Step == step);
}
