using System.Globalization;
using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations.Reports;

/// <summary>The report of a migration, from its record and journal alone: for whoever answers for it, or keeps it.</summary>
internal static class MigrationReport
{
    private static readonly string[] StepColumns =
        ["ColumnNumber", "ColumnStep", "ColumnState", "ColumnBegan", "ColumnEnded", "ColumnDuration", "ColumnAttempts", "ColumnRemark"];

    private static TextCatalog Text => ReportText.Catalog;

    internal static ReportDocument Of(MigrationSnapshot migration)
    {
        var sections = new List<ReportSection?>
        {
            Overview(migration),
            Setups(migration),
            DowntimesOf(migration),
            new(Text["Steps"], Steps(migration, migration.Record.Steps)),
            UndoOf(migration),
            ReportMoves.Databases(migration),
            ReportMoves.Digests(migration),
            ReportMoves.Cluster(migration),
            ReportMoves.Media(migration),
            ReportEvents.Happened(migration),
            ReportEvents.Checks(migration),
            ReportEvents.Statements(migration),
            ReportEvents.OldDatabases(migration),
            ReportEvents.Health(migration),
            new(Text["Next"], new ReportLines(ReportText.WithoutSecretsOfAddresses(ContinuationCommand.For(migration)))),
            Back(migration),
        };
        return new ReportDocument(Text.Format("Title", ReportText.OrNone(migration.Record.PhoneNumber)), [.. sections.OfType<ReportSection>()]);
    }

    private static ReportSection Overview(MigrationSnapshot migration)
    {
        var record = migration.Record;
        return new(Text["Overview"], ReportTable.Facts(
            ("PhoneNumber", ReportText.OrNone(record.PhoneNumber)),
            ("Option", Text["Option" + record.Option.ToString(CultureInfo.InvariantCulture)] + (record.KeepsDatabases ? " " + Text["DatabasesStay"] : string.Empty)),
            ("Side", Text["Side" + record.Side]),
            ("State", Text["State" + record.State]),
            ("ServedBy", Text["Served" + Serving.FromJournal(migration).By]),
            ("BegunAt", ReportText.Time(record.CreatedAt)),
            ("CompletedAt", ReportText.Time(record.CompletedAt)),
            ("Id", record.Id),
            ("Folder", migration.Path),
            ("AsOf", ReportText.Time(migration.Now))));
    }

    private static ReportSection Setups(MigrationSnapshot migration)
    {
        var record = migration.Record;
        var installing = migration.Last(migration.DestinationName, JournalKinds.Installing);
        var old = record.SourceFacts?.Topology;
        var before = record.Ready?.Topology;
        var otherOld = record.HandedOver;
        return new(Text["Setups"], new ReportTable(
            [string.Empty, Text["Old"], Text["New"]],
            [
                Row("Name", record.Source?.Name ?? otherOld?.Setup, record.Destination?.Name ?? record.Ready?.Setup),
                Row("Api", (record.Source?.ApiUri ?? otherOld?.ApiUri)?.ToString(), record.Destination?.ApiUri.ToString()),
                Row("DockerHosts", Hosts(record.Source), Hosts(record.Destination)),
                Row("DatabaseServer", Server(record.Source), Server(record.Destination)),
                Row("ClientVersion", old?.ClientVersion, installing?.Value("version") ?? before?.ClientVersion),
                Row("Topology", Shape(old), Shape(before)),
                Row("Nodes", migration.First(migration.SourceName, JournalKinds.ClientStopping, JournalKinds.ClientRemoving)?.Value("nodes"), installing?.Value("nodes")),
            ]));
    }

    private static ReportSection DowntimesOf(MigrationSnapshot migration)
    {
        var blocks = new List<ReportBlock> { new ReportParagraph(Text[migration.Record.Undo is null ? "DowntimesAre" : "DowntimesOfUndo"]) };
        var rows = new[] { Downtime("Outbound", Downtimes.Outbound(migration)), Downtime("Inbound", Downtimes.Inbound(migration)) };
        blocks.Add(ReportTable.Of(["ColumnWhat", "ColumnBegan", "ColumnEnded", "ColumnDuration"], rows.OfType<IReadOnlyList<string>>())
            ?? (ReportBlock)new ReportParagraph(Text["NoDowntime"]));
        blocks.Add(ReportTable.Facts(("FirstDelivered", ReportText.Time(migration.First(migration.DestinationName, JournalKinds.TestMessageDelivered)?.At))));
        return new(Text["Downtimes"], blocks);
    }

    private static IReadOnlyList<string>? Downtime(string name, WaDowntime? downtime) => downtime is null
        ? null
        : [Text[name], ReportText.Time(downtime.StartedAt), downtime.IsOver ? ReportText.Time(downtime.EndedAt) : Text["Lasts"], ReportText.Duration(downtime.Duration)];

    private static ReportTable Steps(MigrationSnapshot migration, IEnumerable<StepRecord> steps) => new(
        [.. StepColumns.Select(name => Text[name])],
        [.. steps.Select(step => (IReadOnlyList<string>)
        [
            step.Number.ToString(CultureInfo.InvariantCulture),
            step.Name,
            Text["Step" + step.State],
            ReportText.Time(step.StartedAt),
            ReportText.Time(step.EndedAt),
            ReportText.Duration(new WaMigrationStep(step, migration.Now).Duration),
            step.Attempts.ToString(CultureInfo.InvariantCulture),
            ReportText.WithoutSecretsOfAddresses(Remark(step)),
        ])]);

    private static string Remark(StepRecord step) => step.Reason is { Length: > 0 } reason
        ? reason
        : ReportText.OrNone(string.Join(": ", new[] { step.ErrorId, step.Error }.Where(part => !string.IsNullOrEmpty(part))));

    private static ReportSection? UndoOf(MigrationSnapshot migration) => migration.Record.Undo is not { } undo
        ? null
        : new(
            Text["Undo"],
            ReportTable.Facts(
                ("UndoBegun", ReportText.Time(undo.StartedAt)),
                ("UndoFinished", ReportText.Time(undo.FinishedAt)),
                ("UndoRows", Text[undo.CarriesBack ? "UndoCarriesBack" : undo.Discards ? "UndoDiscards" : "UndoKeeps"])),
            Steps(migration, undo.Steps.Where(step => undo.Needs((UndoStep)step.Number))));

    private static ReportSection Back(MigrationSnapshot migration) => new(
        Text["Back"],
        migration.Record.Undo is { FinishedAt: { } finished }
            ? new ReportParagraph(Text.Format("BackDone", ReportText.Time(finished)))
            : new ReportLines(ReportText.WithoutSecretsOfAddresses(WayBack.For(migration))));

    private static IReadOnlyList<string> Row(string name, string? old, string? @new) => [Text[name], ReportText.OrNone(old), ReportText.OrNone(@new)];

    private static string? Hosts(SetupRecord? setup) => setup is null ? null : string.Join(", ", setup.DockerHosts.Select(host => host.OriginalString));

    private static string? Server(SetupRecord? setup) => setup?.Database is { } database
        ? string.Format(CultureInfo.InvariantCulture, "{0} {1}:{2}/{3}*", database.Engine, database.Server, database.Port, database.NamePrefix)
        : null;

    private static string? Shape(TopologyRecord? topology) => topology is null
        ? null
        : Text.Format("Shape", ReportText.Count(topology.Masters), ReportText.Count(topology.Coreapps), ReportText.Count(topology.Webapps), ReportText.Count(topology.Shards));
}
