using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations;

/// <summary>The two downtimes, from the journal's events.</summary>
internal static class Downtimes
{
    private static readonly string[] SourceGoes = [JournalKinds.ClientStopping, JournalKinds.ClientRemoving, JournalKinds.SourceStoppedStated];

    /// <summary>From the first refused send on the old side to the first Healthy of the new; null before it begins.</summary>
    internal static WaDowntime? Outbound(MigrationSnapshot migration)
    {
        if (migration.Record.Undo is { } undo)
        {
            return OfUndo(migration, undo, webhook: false);
        }

        var start = migration.SourceGoing([JournalKinds.WebappStopping, .. SourceGoes]);
        return start is null ? null : new WaDowntime(start.At, FirstHealthy(migration, start.At)?.At, migration.Now);
    }

    /// <summary>
    /// From the webhook cleared or the old side stopped, whichever is earlier, to the webhook set and connected; null
    /// before it begins.
    /// </summary>
    internal static WaDowntime? Inbound(MigrationSnapshot migration)
    {
        if (migration.Record.Undo is { } undo)
        {
            return OfUndo(migration, undo, webhook: true);
        }

        var cleared = migration.First(migration.SourceName, JournalKinds.WebhookCleared);
        var gone = migration.SourceGoing(SourceGoes);
        var start = cleared is null || (gone is not null && gone.At < cleared.At) ? gone : cleared;
        if (start is null)
        {
            return null;
        }

        var set = migration.First(migration.DestinationName, JournalKinds.WebhookSet)?.At;
        if (set is null && migration.Record.Step(9).IsBehind)
        {
            // Nothing was set: the restored settings brought the webhook along.
            set = start.At;
        }

        var end = set is { } at ? FirstHealthy(migration, at)?.At : null;
        return new WaDowntime(start.At, end, migration.Now);
    }

    /// <summary>
    /// The outage that the undo ends: from the new client's going, where that had served, else from the old one's, to the
    /// first Healthy of the old one with what it needs done.
    /// </summary>
    private static WaDowntime? OfUndo(MigrationSnapshot migration, UndoRecord undo, bool webhook)
    {
        if (!undo.NeedsClient)
        {
            return null;
        }

        var start = undo.DestinationServedAt is null
            ? migration.Events.FirstOrDefault(entry => entry.Setup == migration.SourceName && (entry.Kind == JournalKinds.WebappStopping || SourceGoes.Contains(entry.Kind)))
            : migration.EventsOfUndo.FirstOrDefault(entry => entry.Setup == migration.DestinationName && (entry.Kind == JournalKinds.WebappStopping || SourceGoes.Contains(entry.Kind)));
        if (start is null)
        {
            return null;
        }

        var last = webhook && undo.NeedsWebhook ? UndoStep.Webhook
            : undo.NeedsRestore ? UndoStep.Restore
            : UndoStep.BringBack;
        var ready = undo.Steps[(int)last - 1];
        var end = ready.State == WaStepState.Done
            ? migration.EventsOfUndo.FirstOrDefault(entry => entry.Setup == migration.SourceName && entry.Kind == JournalKinds.Healthy && entry.At >= ready.StartedAt)?.At
            : null;
        return new WaDowntime(start.At, end, migration.Now);
    }

    private static JournalEvent? FirstHealthy(MigrationSnapshot migration, DateTimeOffset since) =>
        migration.Events.FirstOrDefault(entry =>
            entry.Kind == JournalKinds.Healthy && entry.Setup == migration.DestinationName && entry.At >= since);
}
