using System.Security;
using WaMigration.Containers;
using WaMigration.Setups;

namespace WaMigration.Migrations.Checks;

/// <summary>
/// What checks look at. What several of them need is read once; a failure to read it is found by each of them.
/// </summary>
internal sealed class CheckContext
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private readonly Lazy<Task<WaTopology>> sourceTopology;
    private readonly Lazy<Task<WaTopology>> destinationTopology;
    private readonly Lazy<Task<WaHealth>> sourceHealth;
    private readonly Lazy<Task<WaHealth>> destinationHealth;
    private readonly Lazy<Task<SupportFacts>> sourceSupport;
    private readonly Lazy<Task<SupportFacts>> destinationSupport;

    internal CheckContext(WaSetup? source, WaSetup? destination, MigrationRun? run, SecureString? backupPassword, Operation operation)
    {
        Source = source;
        Destination = destination;
        Run = run;
        BackupPassword = backupPassword;
        Operation = operation;
        State = run?.Snapshot();
        sourceTopology = new(() => TopologyReader.ReadAsync(source!, operation));
        destinationTopology = new(ReadDestinationTopologyAsync);
        sourceHealth = new(() => HealthReader.ReadAsync(source!, operation));
        destinationHealth = new(ReadSettledDestinationAsync);
        sourceSupport = new(() => SupportFacts.ReadAsync(source!.Api(operation), operation.Cancellation));
        destinationSupport = new(() => SupportFacts.ReadAsync(destination!.Api(operation), operation.Cancellation));
    }

    internal Operation Operation { get; }

    /// <summary>The old setup; null where the other company has it.</summary>
    internal WaSetup? Source { get; }

    /// <summary>The new setup; null where the other company has it.</summary>
    internal WaSetup? Destination { get; }

    /// <summary>The migration; null where the setups are looked at without one.</summary>
    internal MigrationRun? Run { get; }

    /// <summary>Where the migration stood when the checks began.</summary>
    internal MigrationSnapshot? State { get; }

    internal SecureString? BackupPassword { get; }

    /// <summary>The guide's option: the migration's, or the one that is asked about.</summary>
    internal int Option => State?.Record.Option ?? AskedOption;

    /// <summary>The option that is asked about where there is no migration yet.</summary>
    internal int AskedOption { get; init; } = 1;

    /// <summary>A person says that the old client is stopped.</summary>
    internal bool SourceStoppedStated { get; init; }

    /// <summary>Shards of the new client as a person states them, where it does not tell.</summary>
    internal int? StatedShards { get; init; }

    /// <summary>How long a check may wait for what is to come.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The old client, where it can be looked at and still is whole.</summary>
    internal WaSetup? ServingSource => State is { SourceIsGoing: true } ? null : Source;

    /// <summary>The new client runs, or runs as far as the journal knows.</summary>
    internal bool DestinationIsInstalled =>
        Destination is { State: WaSetupState.Running or WaSetupState.Stopped } || WasBegun(JournalKinds.Installing) || WasBegun(JournalKinds.Installed);

    /// <summary>Under -WhatIf: an earlier step of the plan would have installed it, so there is nothing to look at yet.</summary>
    internal bool DestinationComesLater => Operation.PlanOnly && Destination is { State: not WaSetupState.Running };

    internal Task<WaTopology> SourceTopologyAsync() => sourceTopology.Value;

    internal Task<WaTopology> DestinationTopologyAsync() => destinationTopology.Value;

    internal Task<WaHealth> SourceHealthAsync() => sourceHealth.Value;

    internal Task<WaHealth> DestinationHealthAsync() => destinationHealth.Value;

    internal Task<SupportFacts> SourceSupportAsync() => sourceSupport.Value;

    internal Task<SupportFacts> DestinationSupportAsync() => destinationSupport.Value;

    /// <summary>The shape of the old client: as it is, else as it was last seen or handed over.</summary>
    internal async Task<TopologyRecord?> ExpectedTopologyAsync() => ServingSource is not null
        ? TopologyRecord.From(await SourceTopologyAsync().ConfigureAwait(false))
        : Run?.Record.SourceFacts?.Topology;

    /// <summary>The shape of the new client: as it is, else as the other company says.</summary>
    internal async Task<TopologyRecord?> ActualTopologyAsync() => Destination is not null
        ? TopologyRecord.From(await DestinationTopologyAsync().ConfigureAwait(false))
        : Run?.Record.Ready?.Topology;

    /// <summary>The new side has journalled something of that kind.</summary>
    internal bool WasBegun(string kind) => Destination is { } destination && State?.Has(destination.Name, kind) == true;

    /// <summary>Nodes that were just started say nothing of registration and shards yet; that passes by itself.</summary>
    private async Task<WaHealth> ReadSettledDestinationAsync()
    {
        var end = Operation.Time.GetUtcNow() + Timeout;
        while (true)
        {
            var health = await HealthReader.ReadAsync(Destination!, Operation).ConfigureAwait(false);
            if (health.Nodes.All(node => node.Status != HealthAnswer.Uninitialized) || Operation.Time.GetUtcNow() >= end)
            {
                return health;
            }

            await Operation.Time.DelayAsync(PollInterval, Operation.Cancellation).ConfigureAwait(false);
        }
    }

    private async Task<WaTopology> ReadDestinationTopologyAsync()
    {
        if (DestinationIsInstalled && !DestinationComesLater)
        {
            await DestinationHealthAsync().ConfigureAwait(false);
        }

        return await TopologyReader.ReadAsync(Destination!, Operation).ConfigureAwait(false);
    }
}
