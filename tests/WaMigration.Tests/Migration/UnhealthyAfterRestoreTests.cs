using WaLab;
using WaLab.Proxies;
using WaLab.RealDocker;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>The point of no return is passed and the new client does not get well.</summary>
public sealed class UnhealthyAfterRestoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_node_its_state_and_its_last_lines_are_named_with_both_ways_out_and_the_run_goes_on_once_it_is_mended()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(new LabOptions { Topology = new LabTopology(1, 2, 1, 1) });
        using var answered = session.Lab.HoldAt(LabLink.NewApi, "POST", "^/v1/settings/restore$", HoldPoint.AfterEffect);

        var running = Task.Run(
            () => session.Run("& $runbook -Source $old -Destination $new @common @hook"), cancellation);
        await Task.WhenAny(answered.Arrived, running).WaitAsync(Patience, cancellation);
        var stopped = await SwitchCoreappsAsync(session, "stop", cancellation);
        answered.Release();
        var result = await running;

        var error = Assert.Single(result.Errors);
        Assert.Equal("HealthNotReached,WaMigration.Commands.TestWaHealthCommand", error.FullyQualifiedErrorId);
        Assert.Contains(stopped[0], error.ToString(), StringComparison.Ordinal);
        Assert.Contains("exited", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Last lines of the log", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(result.Warnings, line => line.StartsWith("The way on", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, line => line.StartsWith("The way back", StringComparison.Ordinal));
        Assert.Equal("Failed None", session.Run("$m = Get-WaMigration $common.Path -Source $old -Destination $new; \"$($m.State) $($m.ServedBy)\"").Single().ToString());

        await SwitchCoreappsAsync(session, "start", cancellation);
        var second = session.Run("& $runbook -Source $old -Destination $new @common @hook");

        Assert.Equal("AwaitingRetention", ScriptResult.Value(second.MustSucceed().Single(), "State")!.ToString());
        Assert.Equal(1, (await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation)).Restores);
    }

    private static async Task<IReadOnlyList<string>> SwitchCoreappsAsync(MigrationSession session, string action, CancellationToken cancellation)
    {
        using var docker = new DockerApiClient(session.Lab.New.DirectDockerHost.LocalPath);
        var coreapps = (await docker.ContainersAsync(cancellation)).Where(container => container.Name.Contains("wacore", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, coreapps.Count);
        await Task.WhenAll(coreapps.Select(container => docker.PostAsync($"containers/{container.Id}/{action}", null, cancellation)));
        return [.. coreapps.Select(container => container.Name).Order(StringComparer.Ordinal)];
    }
}
