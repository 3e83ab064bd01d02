using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations;

/// <summary>How to go back from where a migration stands, and what that costs. Decided from the journal, never from health.</summary>
internal static class WayBack
{
    private static TextCatalog Text => MigrationText.Catalog;

    internal static string For(MigrationSnapshot migration)
    {
        if (migration.Record.Undo is { } undo)
        {
            return OfUndo(migration, undo);
        }

        var parts = new List<string>();
        if (migration.RestoreMayHaveBeenSent)
        {
            parts.Add(Text.Format(
                migration.IsRestored ? "BackRestored" : "BackRestoreUnknown",
                migration.SourceName,
                migration.DestinationName,
                migration.Record.PhoneNumber,
                System.IO.Path.Combine(migration.Path, MigrationFiles.SourceClient),
                System.IO.Path.Combine(migration.Path, MigrationFiles.SettingsBackup)));
        }
        else if (migration.CopyMayHaveServed)
        {
            parts.Add(Text.Format(
                "BackServed",
                migration.SourceName,
                migration.DestinationName,
                System.IO.Path.Combine(migration.Path, MigrationFiles.SourceClient)));
        }
        else if (migration.StartedTooEarly)
        {
            parts.Add(Text.Format("BackStartedEarly", migration.SourceName, migration.DestinationName));
        }
        else if (migration.SourceIsGoing)
        {
            parts.Add(Text.Format(
                migration.Has(migration.SourceName, JournalKinds.ClientRemoving) ? "BackRemoved" : "BackStopped",
                migration.SourceName,
                System.IO.Path.Combine(migration.Path, MigrationFiles.SourceClient)));
        }
        else
        {
            parts.Add(Text.Format("BackUntouched", migration.SourceName));
        }

        AddCleanUp(migration, parts);
        if (migration.Record.Side == WaMigrationSide.Both)
        {
            parts.Add(Text["BackRunbook"]);
            parts.Add(ContinuationCommand.Back(migration));
        }

        return string.Join(Environment.NewLine, parts);
    }

    private static string OfUndo(MigrationSnapshot migration, UndoRecord undo) => undo.FinishedAt is { } finished
        ? Text.Format(
            "UndoWasDone",
            finished.ToLocalTime().ToString("G", System.Globalization.CultureInfo.CurrentCulture),
            migration.SourceName,
            migration.DestinationName,
            System.IO.Path.Combine(migration.Path, MigrationFiles.DestinationClient))
        : Text.Format("UndoOnly", string.Join(", ", undo.Steps.Where(step => !step.IsBehind && undo.Needs((UndoStep)step.Number)).Select(step => step.Name)));

    /// <summary>What step 3 changed on the old side.</summary>
    private static void AddCleanUp(MigrationSnapshot migration, List<string> parts)
    {
        if (migration.Has(migration.SourceName, JournalKinds.WebhookClearing))
        {
            parts.Add(Text.Format("BackWebhook", migration.SourceName, migration.Record.SourceFacts?.WebhookUri));
        }

        if (migration.Has(migration.SourceName, JournalKinds.TwoStepDisabling))
        {
            parts.Add(Text.Format("BackTwoStep", migration.SourceName));
        }
    }
}
