using System.Diagnostics;
using System.Globalization;
using WaMigration.Containers;

namespace WaMigration.Migrations.Checks;

/// <summary>
/// What the outage is made of, from what can be measured now: the number of containers and the time of one round trip
/// to each side. The upper ends are the limits after which the module gives up.
/// </summary>
internal static class OutageEstimate
{
    /// <summary>The vendor's clients need a moment to leave, and get at most this.</summary>
    private const double StopGrace = 30;

    /// <summary>Limit of a restore request.</summary>
    private const double RestoreLimit = 90;

    /// <summary>Seen between a restore's answer and the first connected node: some seconds.</summary>
    private const double ConnectUsual = 5;

    /// <summary>Requests that one container costs: inspect, stop, inspect, remove.</summary>
    private const int RequestsAContainer = 4;

    internal static async Task<CheckFinding?> LookAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var nodes = (await context.SourceTopologyAsync().ConfigureAwait(false)).Nodes.Count(node => node.Role != WaNodeRole.Database);
        var docker = await DockerRoundTripAsync(source, context.Operation).ConfigureAwait(false);
        var old = await ApiRoundTripAsync(source, context.Operation).ConfigureAwait(false);
        var own = context.Destination is { State: WaSetupState.Running } destination
            ? await ApiRoundTripAsync(destination, context.Operation).ConfigureAwait(false)
            : old;
        var remove = nodes * RequestsAContainer * docker;
        var low = remove + (4 * own) + ConnectUsual;
        var high = (2 * StopGrace) + remove + RestoreLimit + ConnectUsual;
        var finding = CheckFinding.Passed(
            "ExpectedOutage",
            Seconds(low),
            Seconds(high),
            nodes,
            Seconds(remove),
            StopGrace,
            RestoreLimit,
            Seconds(ConnectUsual),
            Milliseconds(docker),
            Milliseconds(old),
            Milliseconds(own));
        if (context.Operation.PlanOnly)
        {
            context.Operation.Console.WhatIf(CheckFinding.Phrase("OutageTarget"), finding.Detail);
        }

        return finding;
    }

    private static async Task<double> DockerRoundTripAsync(WaSetup setup, Operation operation)
    {
        var watch = Stopwatch.StartNew();
        foreach (var host in setup.DockerHostConnections(operation))
        {
            await host.GetVersionAsync(operation.Cancellation).ConfigureAwait(false);
        }

        return setup.DockerHosts.Count == 0 ? 0 : watch.Elapsed.TotalSeconds / setup.DockerHosts.Count;
    }

    private static async Task<double> ApiRoundTripAsync(WaSetup setup, Operation operation)
    {
        var watch = Stopwatch.StartNew();
        await setup.Api(operation).GetHealthAsync(operation.Cancellation).ConfigureAwait(false);
        return watch.Elapsed.TotalSeconds;
    }

    private static string Seconds(double seconds) => Math.Max(1, Math.Round(seconds)).ToString("0", CultureInfo.CurrentCulture);

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString("0", CultureInfo.CurrentCulture);
}
