using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations;

/// <summary>Which client serves the number, and how that is known.</summary>
internal sealed record Serving(WaServedBy By, string Evidence)
{
    private static TextCatalog Text => MigrationText.Catalog;

    /// <summary>What the journal says. It decides where the setups cannot be asked.</summary>
    internal static Serving FromJournal(MigrationSnapshot migration)
    {
        if (migration.Record.Undo is { } undo && FromUndo(migration, undo) is { } serving)
        {
            return serving;
        }

        if (migration.IsRestored)
        {
            var healthy = migration.Last(migration.DestinationName, JournalKinds.Healthy);
            return healthy is null
                ? new Serving(WaServedBy.None, Text["ServedRestoredNotHealthy"])
                : new Serving(WaServedBy.Destination, Text.Format("ServedDestinationHealthy", Local(healthy.At)));
        }

        if (migration.RestoreMayHaveBeenSent)
        {
            return new Serving(WaServedBy.Unknown, Text["ServedRestoreUnknown"]);
        }

        if (migration.CopyMayHaveServed)
        {
            var healthy = migration.Last(migration.DestinationName, JournalKinds.Healthy);
            return healthy is null
                ? new Serving(WaServedBy.None, Text["ServedStartedNotHealthy"])
                : new Serving(WaServedBy.Destination, Text.Format("ServedDestinationHealthy", Local(healthy.At)));
        }

        if (migration.SourceGoing(MigrationSnapshot.SourceGoes) is { } going)
        {
            return new Serving(WaServedBy.None, Text.Format("ServedSourceGone", Local(going.At)));
        }

        return migration.Record.Side == WaMigrationSide.Destination
            ? new Serving(WaServedBy.Unknown, Text["ServedOtherSide"])
            : new Serving(WaServedBy.Source, Text["ServedSourceUntouched"]);
    }

    /// <summary>What the setups themselves say; what they do not say is left to the journal.</summary>
    internal static Serving FromHealth(MigrationSnapshot migration, WaHealth? source, WaHealth? destination)
    {
        // The new client first: after a restore the old one may look connected while its keys are void. Before one, a
        // new client that is still initialising does not tell yet that it is unregistered.
        var journal = FromJournal(migration);
        if (destination is { IsRegistered: true } && (destination.Status == WaHealthStatus.Healthy || migration.RestoreMayHaveBeenSent || migration.CopyMayHaveServed))
        {
            return destination.Status == WaHealthStatus.Healthy
                ? new Serving(WaServedBy.Destination, Text.Format("ServedSeenHealthy", destination.Setup, Local(destination.Time)))
                : new Serving(WaServedBy.None, Text.Format("ServedSeenUnhealthy", destination.Setup, Local(destination.Time), string.Join("; ", destination.Reasons)));
        }

        if (migration.Record.Undo is { NeedsRestore: true } && !IsRestoredBack(migration))
        {
            return journal;
        }

        if (source is { IsRegistered: true } && journal.By is WaServedBy.Source or WaServedBy.None or WaServedBy.Unknown)
        {
            return source.Status == WaHealthStatus.Healthy
                ? new Serving(WaServedBy.Source, Text.Format("ServedSeenHealthy", source.Setup, Local(source.Time)))
                : new Serving(WaServedBy.None, Text.Format("ServedSeenUnhealthy", source.Setup, Local(source.Time), string.Join("; ", source.Reasons)));
        }

        return journal;
    }

    /// <summary>Null while the undo has not taken anything away yet.</summary>
    private static Serving? FromUndo(MigrationSnapshot migration, UndoRecord undo)
    {
        if (!undo.NeedsClient)
        {
            return new Serving(WaServedBy.Source, Text["ServedSourceUntouched"]);
        }

        var isBack = undo.NeedsRestore ? IsRestoredBack(migration) : migration.LastOfUndo(migration.SourceName, JournalKinds.ClientStarting) is not null;
        if (isBack
            && migration.LastOfUndo(migration.SourceName, JournalKinds.Healthy) is { } healthy
            && (!undo.NeedsRestore || healthy.At >= RestoredBack(migration)!.At))
        {
            return new Serving(WaServedBy.Source, Text.Format("ServedUndone", Local(healthy.At)));
        }

        var newGoes = migration.LastOfUndo(migration.DestinationName, JournalKinds.WebappStopping, JournalKinds.ClientStopping, JournalKinds.ClientRemoving) is not null;
        return isBack || newGoes || undo.Steps[0].IsBehind ? new Serving(WaServedBy.None, Text["ServedUndoUnderWay"]) : null;
    }

    /// <summary>Until the backup is restored onto it, the old client may look connected while its messages fail.</summary>
    private static bool IsRestoredBack(MigrationSnapshot migration) => RestoredBack(migration) is not null;

    private static JournalEvent? RestoredBack(MigrationSnapshot migration) =>
        migration.LastOfUndo(migration.SourceName, JournalKinds.RestoreAnswered, JournalKinds.RestoreFoundDone);

    private static string Local(DateTimeOffset time) =>
        time.ToLocalTime().ToString("G", System.Globalization.CultureInfo.CurrentCulture);
}
