using System.Globalization;

namespace WaMigration.Migrations.Reports;

/// <summary>What the journal says beside the moves: what was done, checked, stated and seen.</summary>
internal static class ReportEvents
{
    /// <summary>What is told of what happened: the kinds, each with the values that may stand in a report, and no others.</summary>
    internal static readonly Dictionary<string, string[]> Told = new(StringComparer.Ordinal)
    {
        [JournalKinds.BackupWritten] = ["sha256"],
        [JournalKinds.TokenWritten] = ["sha256", "expiresAt"],
        [JournalKinds.TokenRestored] = ["sha256"],
        [JournalKinds.DefinitionsWritten] = ["containers"],
        [JournalKinds.SettingsChanged] = ["fields"],
        [JournalKinds.TwoStepDisabled] = [],
        [JournalKinds.TwoStepEnabled] = [],
        [JournalKinds.WebhookCleared] = [],
        [JournalKinds.WebhookSet] = [],
        [JournalKinds.Drained] = ["messages", "callbacks"],
        [JournalKinds.WebappStopping] = [],
        [JournalKinds.WebappStartedAgain] = [],
        [JournalKinds.ClientStopped] = [],
        [JournalKinds.ClientRemoved] = [],
        [JournalKinds.ClientRecreated] = [],
        [JournalKinds.SourceStoppedProved] = ["seen", "statedBy"],
        [JournalKinds.Installed] = [],
        [JournalKinds.RestoreSending] = [],
        [JournalKinds.RestoreAnswered] = [],
        [JournalKinds.RestoreRefused] = ["reason"],
        [JournalKinds.RestoreFoundDone] = [],
        [JournalKinds.CoreappsRestarted] = [],
        [JournalKinds.TestMessageAccepted] = ["to", "id"],
        [JournalKinds.TestMessageDelivered] = [],
        [MigrationEvents.HandedOver] = [],
        [MigrationEvents.HandOverTaken] = [],
        [MigrationEvents.FoundHalfDone] = ["seen", "lastStep"],
        [MigrationEvents.Paused] = ["before"],
        [MigrationEvents.Rehearsed] = ["lastPassSeconds", "outageLowSeconds", "outageHighSeconds"],
        [MigrationEvents.Completed] = [],
    };

    private static TextCatalog Text => ReportText.Catalog;

    internal static ReportSection? Happened(MigrationSnapshot migration) => Section(
        "Happened",
        ["ColumnTime", "ColumnSetup", "ColumnWhat", "ColumnDetail"],
        migration.Events.Where(entry => Told.ContainsKey(entry.Kind)).Select(entry => (IReadOnlyList<string>)
        [
            ReportText.Time(entry.At),
            ReportText.OrNone(entry.Setup),
            Text["Event_" + entry.Kind],
            ReportText.OrNone(ReportText.WithoutSecretsOfAddresses(string.Join("; ", Told[entry.Kind].Where(name => entry.Value(name).Length > 0).Select(name => name + "=" + entry.Value(name))))),
        ]));

    /// <summary>Every time that checks were made, with those that were not passed.</summary>
    internal static ReportSection Checks(MigrationSnapshot migration)
    {
        var made = migration.Events.Where(entry => entry.Kind == MigrationEvents.ChecksMade).ToList();
        var rows = made.Where(entry => entry.Value("notPassed").Length > 0)
            .Select(entry => (IReadOnlyList<string>)[ReportText.Time(entry.At), entry.Value("phase"), entry.Value("notPassed")]);
        return new(
            Text["Checks"],
            ReportTable.Of(["ColumnTime", "ColumnPhase", "ColumnNotPassed"], rows)
                ?? (ReportBlock)new ReportParagraph(made.Count == 0 ? Text["NoChecks"] : Text.Format("AllPassed", ReportText.Number(made.Count))));
    }

    /// <summary>What was believed because a person said it, and who.</summary>
    internal static ReportSection? Statements(MigrationSnapshot migration) => Section(
        "Statements",
        ["ColumnTime", "ColumnPerson", "ColumnWhat", "ColumnSetup"],
        migration.Events.Where(entry => entry.Kind is JournalKinds.SourceStoppedStated or MigrationEvents.DeliveryConfirmed).Select(entry => (IReadOnlyList<string>)
        [
            ReportText.Time(entry.At),
            ReportText.OrNone(entry.Value(entry.Kind == JournalKinds.SourceStoppedStated ? "person" : "by")),
            Text["Event_" + entry.Kind],
            entry.Setup,
        ]));

    internal static ReportSection? OldDatabases(MigrationSnapshot migration)
    {
        var record = migration.Record;
        if (record.KeepsDatabases)
        {
            return new(Text["OldDatabases"], new ReportParagraph(Text["OldDatabasesServe"]));
        }

        var dropped = migration.Events.Where(entry => entry.Kind == MigrationEvents.DatabaseDropped).ToLookup(entry => entry.Value("database"));
        var rows = (record.SourceFacts?.Databases ?? []).Concat(dropped.Select(group => group.Key)).Distinct(StringComparer.Ordinal)
            .Select(name => (IReadOnlyList<string>)[name, dropped[name].LastOrDefault() is { } gone ? Text.Format("DroppedAt", ReportText.Time(gone.At)) : Text["IsKept"]]);
        return ReportTable.Of(["ColumnDatabase", "ColumnState"], rows) is { } table
            ? new(Text["OldDatabases"], new ReportParagraph(record.DatabasesMayGoAfter is { } date ? Text.Format("MayGoAfter", ReportText.Time(date)) : Text["MayNotGoYet"]), table)
            : null;
    }

    /// <summary>How the client was seen since, by day.</summary>
    internal static ReportSection? Health(MigrationSnapshot migration) => Section(
        "Health",
        ["ColumnDay", "ColumnSetup", "ColumnSeen", "ColumnHealthy", "ColumnElse"],
        migration.Events.Where(entry => entry.Kind == MigrationEvents.HealthObserved)
            .GroupBy(entry => (entry.At.UtcDateTime.Date, entry.Setup))
            .OrderBy(day => day.Key.Date)
            .Select(day => (IReadOnlyList<string>)
            [
                day.Key.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                day.Key.Setup,
                ReportText.Number(day.Count()),
                ReportText.Number(day.Count(entry => entry.Value("status") == nameof(WaHealthStatus.Healthy))),
                ReportText.OrNone(string.Join(", ", day.Select(entry => entry.Value("status")).Where(status => status != nameof(WaHealthStatus.Healthy)).Distinct())),
            ]));

    private static ReportSection? Section(string heading, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        ReportTable.Of(columns, rows) is { } table ? new(Text[heading], table) : null;
}
