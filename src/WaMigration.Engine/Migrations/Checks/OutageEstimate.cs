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

    /// <summary>A new client on copied databases: the start of its containers takes this at most, else something is wrong.</summary>
    private const double StartLimit = 60;

    internal static async Task<CheckFinding?> LookAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var finding = await (GuideSteps.MovesDatabases(context.Option) ? WithDatabasesAsync(source, context) : OfSettingsAsync(source, context)).ConfigureAwait(false);
        if (context.Operation.PlanOnly)
        {
            context.Operation.Console.WhatIf(CheckFinding.Phrase("OutageTarget"), finding.Detail);
        }

        return finding;
    }

    /// <summary>What the old side's going costs: requests to its Docker hosts.</summary>
    internal static async Task<double> RemovalAsync(WaSetup source, CheckContext context)
    {
        var nodes = (await context.SourceTopologyAsync().ConfigureAwait(false)).Nodes.Count(node => node.Role != WaNodeRole.Database);
        return nodes * RequestsAContainer * await DockerRoundTripAsync(source, context.Operation).ConfigureAwait(false);
    }

    /// <summary>The shortest and the longest that the outage of a migration with databases is expected to be, in seconds.</summary>
    internal static (double Low, double High) WithDatabases(double removal, double lastPass) =>
        (removal + lastPass + ConnectUsual, (2 * StopGrace) + removal + (2 * lastPass) + StartLimit);

    private static async Task<CheckFinding> WithDatabasesAsync(WaSetup source, CheckContext context)
    {
        var removal = await RemovalAsync(source, context).ConfigureAwait(false);
        var pass = LastPass(context.State);
        if (pass is null)
        {
            return CheckFinding.Passed("ExpectedOutageUnmeasured", Seconds(removal), StopGrace, StartLimit);
        }

        var (low, high) = WithDatabases(removal, pass.Value);
        return CheckFinding.Passed("ExpectedOutageWithDatabases", Seconds(low), Seconds(high), Seconds(removal), StopGrace, Seconds(pass.Value), Seconds(ConnectUsual), StartLimit);
    }

    /// <summary>How long the last copy of the databases took, in seconds; null where there was none.</summary>
    internal static double? LastPass(MigrationSnapshot? migration) =>
        migration?.Last(migration.DestinationName, JournalKinds.DatabasesCopied) is { } copied
        && double.TryParse(copied.Values["seconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    private static async Task<CheckFinding> OfSettingsAsync(WaSetup source, CheckContext context)
    {
        var nodes = (await context.SourceTopologyAsync().ConfigureAwait(false)).Nodes.Count(node => node.Role != WaNodeRole.Database);
        var docker = await DockerRoundTripAsync(source, context.Operation).ConfigureAwait(false);
        var old = await ApiRoundTripAsync(source, context.Operation).ConfigureAwait(false);
        var own = context.Destination is { State: WaSetupState.Running } destination
            ? await ApiRoundTripAsync(destination, context.Operation).ConfigureAwait(false)
            : old;
        var remove = nodes * RequestsAContainer * docker;
        var low = remove + (4 * own) + ConnectUsual;
        var high = (2 * StopGrace) + remove + RestoreLimit + ConnectUsual;
        return CheckFinding.Passed(
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

    internal static string Seconds(double seconds) => Math.Max(1, Math.Round(seconds)).ToString("0", CultureInfo.CurrentCulture);

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString("0", CultureInfo.CurrentCulture);
}
