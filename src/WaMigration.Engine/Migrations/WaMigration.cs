using WaMigration.Migrations;

namespace WaMigration;

/// <summary>
/// The record of one migration: where it stands, who serves the number, what to do next, and the way back. From
/// Start-WaMigration it is open: it holds its folder until it is completed or disposed of. From Get-WaMigration it is
/// a picture of one moment.
/// </summary>
public sealed class WaMigration : IDisposable
{
    private readonly MigrationRun? run;
    private readonly MigrationSnapshot? picture;
    private readonly Serving? seen;

    internal WaMigration(MigrationRun run) => this.run = run;

    internal WaMigration(MigrationSnapshot picture, Serving? seen = null)
    {
        this.picture = picture;
        this.seen = seen;
    }

    /// <summary>Its identity.</summary>
    public string Id => Record.Id;

    /// <summary>The guide's option: 1 settings, 2 settings and messages, 3 all.</summary>
    public int Option => Record.Option;

    /// <summary>Whose machines this run works on.</summary>
    public WaMigrationSide Side => Record.Side;

    /// <summary>The folder.</summary>
    public string Path => Current.Path;

    /// <summary>The old setup's name; null where the other company has it and has not said.</summary>
    public string? Source => Record.Source?.Name;

    /// <summary>The new setup's name.</summary>
    public string? Destination => Record.Destination?.Name;

    /// <summary>The number that moves.</summary>
    public string? PhoneNumber => Record.PhoneNumber;

    /// <summary>Where it stands.</summary>
    public WaMigrationState State => Record.State;

    /// <summary>The step that is under way or comes next; null when all are behind.</summary>
    public WaMigrationStep? CurrentStep => (Undo?.Steps ?? Steps).FirstOrDefault(step => step.State is not (WaStepState.Done or WaStepState.Skipped));

    /// <summary>The ten steps; before those of Options 2 and 3 the one that prepares, number 0.</summary>
    public IReadOnlyList<WaMigrationStep> Steps
    {
        get
        {
            var now = Current;
            // An array, since PowerShell indexes what a collection expression makes of the interface as one object.
            return now.Record.Steps.Select(step => new WaMigrationStep(step, now.Now)).ToArray();
        }
    }

    /// <summary>Which client serves the number now.</summary>
    public WaServedBy ServedBy => Served.By;

    /// <summary>How that is known.</summary>
    public string ServedByEvidence => Served.Evidence;

    /// <summary>From the first refused send on the old side to the first Healthy of the new; null before it begins.</summary>
    public WaDowntime? OutboundDowntime => Downtimes.Outbound(Current);

    /// <summary>From webhook cleared or old side stopped to webhook set and connected; null before it begins.</summary>
    public WaDowntime? InboundDowntime => Downtimes.Inbound(Current);

    /// <summary>When the first message on the new side was seen delivered; null before.</summary>
    public DateTimeOffset? FirstMessageDelivered => Current.First(Current.DestinationName, JournalKinds.TestMessageDelivered)?.At;

    /// <summary>The next lines to paste.</summary>
    public string NextCommand => ContinuationCommand.For(Current);

    /// <summary>The way back from here, and what it costs.</summary>
    public string WayBack => Migrations.WayBack.For(Current);

    /// <summary>The client's id of the test message that the new side took; null before.</summary>
    public string? TestMessageId =>
        Current.Last(Current.DestinationName, JournalKinds.TestMessageAccepted)?.Values.TryGetValue("id", out var id) == true ? id : null;

    /// <summary>When it was begun.</summary>
    public DateTimeOffset CreatedAt => Record.CreatedAt;

    /// <summary>When its last step was done; null before.</summary>
    public DateTimeOffset? CompletedAt => Record.CompletedAt;

    /// <summary>The date from which the old databases may go; null before completion.</summary>
    public DateTimeOffset? DatabasesMayGoAfter => Record.DatabasesMayGoAfter;

    /// <summary>The old databases that stay until then.</summary>
    public IReadOnlyList<string> KeptDatabases => Record.SourceFacts?.Databases.ToArray() ?? [];

    /// <summary>How the undo stands; null where nobody has begun one.</summary>
    public WaUndo? Undo
    {
        get
        {
            var now = Current;
            return now.Record.Undo is { } undo ? new WaUndo(undo, now) : null;
        }
    }

    /// <summary>The file that the settings backup is in.</summary>
    public string SettingsBackupPath => System.IO.Path.Combine(Path, MigrationFiles.SettingsBackup);

    /// <summary>The file that the old containers' definitions are in.</summary>
    public string SourceClientPath => System.IO.Path.Combine(Path, MigrationFiles.SourceClient);

    /// <summary>The file that the application's token is in (Option 3).</summary>
    public string TokenBackupPath => System.IO.Path.Combine(Path, MigrationFiles.Token);

    /// <summary>The folder of an archive of the databases, where none is given.</summary>
    public string ArchivePath => System.IO.Path.Combine(Path, MigrationFiles.Archive);

    /// <summary>The folder that an undo exports the old databases into, before newer rows are carried back over them.</summary>
    public string OldDatabasesPath => System.IO.Path.Combine(Path, MigrationFiles.OldDatabases);

    /// <summary>The file that the new containers' definitions are in, once an undo has removed them.</summary>
    public string DestinationClientPath => System.IO.Path.Combine(Path, MigrationFiles.DestinationClient);

    /// <summary>The old client's shape, as it was before it went; null where it is not known.</summary>
    public WaTopology? SourceTopology => Record.SourceFacts?.Topology is { } topology
        ? new WaTopology(topology.Masters, topology.Coreapps, topology.Webapps, topology.Shards, topology.ClientVersion, topology.DatabaseEngine, topology.Masters > 0, [])
        : null;

    /// <summary>The webhook that the old client had; null where it had none.</summary>
    public string? SourceWebhookUri => Record.SourceFacts?.WebhookUri;

    /// <summary>The CA certificate of that webhook as PEM; null where it had none.</summary>
    public string? SourceWebhookCaCertificate => Record.SourceFacts?.WebhookCaCertificate;

    /// <summary>The next thing is the other company's to do (one-sided runs).</summary>
    public bool AwaitsOtherSide => HandOver.AwaitsOtherSide(Record);

    /// <summary>The run, where this is one that is open.</summary>
    internal MigrationRun? OpenRun => run is { IsOpen: true } ? run : null;

    internal MigrationRun Run => run is { IsOpen: true } ? run : throw MigrationErrors.MigrationNotOpen.Error(Path);

    internal MigrationSnapshot Current => picture ?? run!.Snapshot();

    private MigrationRecord Record => Current.Record;

    private Serving Served => seen ?? Serving.FromJournal(Current);

    /// <summary>Ends the run here and frees the folder; a migration that is not done stands at Interrupted or Failed.</summary>
    public void Dispose() => run?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"Option {Option}, {PhoneNumber}, {State}";
}
