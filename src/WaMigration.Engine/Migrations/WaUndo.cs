using WaMigration.Migrations;
using WaMigration.Migrations.Undo;

namespace WaMigration;

/// <summary>How the undo of a migration stands: what it has to do, decided from the journal, and its steps.</summary>
public sealed class WaUndo
{
    internal WaUndo(UndoRecord undo, MigrationSnapshot migration)
    {
        StartedAt = undo.StartedAt;
        FinishedAt = undo.FinishedAt;
        NeedsRemoval = undo.NeedsRemoval;
        NeedsClient = undo.NeedsClient;
        NeedsDefinitions = undo.NeedsDefinitions;
        NeedsRestore = undo.NeedsRestore;
        CarriesBack = undo.CarriesBack;
        Discards = undo.Discards;
        SharesDatabases = migration.Record.KeepsDatabases;
        NeedsTwoStep = undo.NeedsTwoStep;
        NeedsWebhook = undo.NeedsWebhook;
        TestMessageId = migration.Events.LastOrDefault(entry =>
            entry.Kind == JournalKinds.TestMessageAccepted && entry.Setup == migration.SourceName && entry.At >= undo.StartedAt)
            ?.Values.TryGetValue("id", out var id) == true ? id : null;
        Steps = undo.Steps.Select(step => new WaMigrationStep(step, migration.Now)).ToArray();
    }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it was done; null before.</summary>
    public DateTimeOffset? FinishedAt { get; }

    /// <summary>The new client is, or may be, installed: it is stopped, proved stopped, and removed.</summary>
    public bool NeedsRemoval { get; }

    /// <summary>The old client was begun to be taken down: it is made whole and started.</summary>
    public bool NeedsClient { get; }

    /// <summary>Containers of the old client were begun to be removed: they are made again from their saved definitions.</summary>
    public bool NeedsDefinitions { get; }

    /// <summary>A restore may have been sent to the new side: the same backup is restored onto the old one.</summary>
    public bool NeedsRestore { get; }

    /// <summary>The new client's databases are copied back over the old ones, which are exported first.</summary>
    public bool CarriesBack { get; }

    /// <summary>Both clients use the same databases; whatever the new one wrote is there for the old one.</summary>
    public bool SharesDatabases { get; }

    /// <summary>What came to the new client since it served on copied databases is given up.</summary>
    public bool Discards { get; }

    /// <summary>Step 3 turned two-step verification off: it is turned on again.</summary>
    public bool NeedsTwoStep { get; }

    /// <summary>The webhook was cleared, or may have been changed by the restore: it is set back.</summary>
    public bool NeedsWebhook { get; }

    /// <summary>The client's id of the test message that the old side took since; null before.</summary>
    public string? TestMessageId { get; }

    /// <summary>Its steps.</summary>
    public IReadOnlyList<WaMigrationStep> Steps { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Steps.Select(step => step.ToString()));
}
