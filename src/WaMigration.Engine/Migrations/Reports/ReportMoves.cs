using System.Globalization;
using System.Text.Json;
using WaMigration.Databases.Copying;

namespace WaMigration.Migrations.Reports;

/// <summary>What of the databases moved, and whether that was before the downtime or within it.</summary>
internal static class ReportMoves
{
    private static TextCatalog Text => ReportText.Catalog;

    /// <summary>Null where databases were never copied.</summary>
    internal static ReportSection? Databases(MigrationSnapshot migration)
    {
        var copies = Copies(migration);
        if (copies.Count == 0)
        {
            return null;
        }

        var sums = new[] { CopyMoment.Before, CopyMoment.Within, CopyMoment.Undo }
            .Select(moment => (Moment: moment, Copies: copies.Where(copy => copy.Moment == moment && copy.Done is not null).ToList()))
            .Where(sum => sum.Moment != CopyMoment.Undo || sum.Copies.Count > 0)
            .Select(sum => (IReadOnlyList<string>)
            [
                Text["Moment" + sum.Moment],
                ReportText.Number(sum.Copies.Count),
                ReportText.Number(sum.Copies.Sum(copy => Long(copy.Done!, "bytesMoved"))),
                ReportText.Duration(TimeSpan.FromSeconds(sum.Copies.Sum(copy => Seconds(copy.Done!)))),
            ]);
        var rows = copies.Select(copy => (IReadOnlyList<string>)
        [
            Text["Moment" + copy.Moment],
            ReportText.Time(copy.Begun.At),
            copy.Begun.Value("from"),
            copy.Begun.Setup,
            copy.Done is null ? Text["CopyCut"] : ReportText.Number(Long(copy.Done, "tables")),
            copy.Done is null ? ReportText.None : ReportText.Number(Long(copy.Done, "rows")),
            copy.Done is null ? ReportText.None : ReportText.Number(Long(copy.Done, "bytesMoved")),
            copy.Done is null ? ReportText.None : ReportText.Duration(TimeSpan.FromSeconds(Seconds(copy.Done))),
        ]);
        return new(
            Text["Moved"],
            new ReportParagraph(Text["MovedIs"]),
            ReportTable.Of(["ColumnWhen", "ColumnCopies", "ColumnBytes", "ColumnDuration"], sums)!,
            ReportTable.Of(["ColumnWhen", "ColumnBegan", "ColumnFrom", "ColumnTo", "ColumnTables", "ColumnRows", "ColumnBytes", "ColumnDuration"], rows)!);
    }

    /// <summary>Table by table: the digest of the last copy, and whether it still was that of the last one before the downtime.</summary>
    internal static ReportSection? Digests(MigrationSnapshot migration)
    {
        var done = Copies(migration).Where(copy => copy.Done is not null && copy.Moment != CopyMoment.Undo).ToList();
        if (done.Count == 0)
        {
            return null;
        }

        var last = done[done.Count - 1];
        var earlier = last.Moment == CopyMoment.Within ? done.LastOrDefault(copy => copy.Moment == CopyMoment.Before) : null;
        var before = earlier is null ? null : Tables(earlier.Done!);
        var rows = Tables(last.Done!).Select(table => (IReadOnlyList<string>)
        [
            table.Key,
            table.Value,
            before is null || !before.TryGetValue(table.Key, out var known) || known == ReportText.None || table.Value == ReportText.None
                ? ReportText.None
                : Text[known == table.Value ? "TableSame" : "TableChanged"],
        ]);
        return ReportTable.Of(["ColumnTable", "ColumnDigest", "ColumnSince"], rows) is { } table
            ? new(Text["Digests"], new ReportParagraph(Text["DigestsAre"]), table)
            : null;
    }

    /// <summary>The rows that named hosts of the old client, taken out of the copied cluster's table.</summary>
    internal static ReportSection? Cluster(MigrationSnapshot migration)
    {
        var rows = migration.Events
            .Where(entry => entry.Kind == JournalKinds.ClusterCleaned)
            .Select(entry => (Event: entry, Removed: JsonSerializer.Deserialize<WaClusterCleanup>(entry.Value("rows"))!))
            .SelectMany(cleaned => cleaned.Removed.Nodes.Select(node => Text.Format("ClusterNode", node.Hostname, Port(node.Port), node.ContainerName))
                .Concat(cleaned.Removed.Shards.Select(shard => Text.Format("ClusterShard", Port(shard.LowerBound), Port(shard.UpperBound), shard.Hostname, Port(shard.Port))))
                .Concat(cleaned.Removed.Primary is { } primary ? [Text.Format("ClusterPrimary", primary.Hostname, Port(primary.Port))] : Array.Empty<string>())
                .Select(row => (IReadOnlyList<string>)[ReportText.Time(cleaned.Event.At), cleaned.Event.Setup, cleaned.Removed.Database, row]));
        return ReportTable.Of(["ColumnTime", "ColumnSetup", "ColumnDatabase", "ColumnRow"], rows) is { } table
            ? new(Text["Cluster"], new ReportParagraph(Text["ClusterIs"]), table)
            : null;
    }

    /// <summary>Every copy of media, with what it left to the next one.</summary>
    internal static ReportSection? Media(MigrationSnapshot migration)
    {
        var rows = migration.Events.Where(entry => entry.Kind == JournalKinds.MediaCopied).Select(entry => (IReadOnlyList<string>)
        [
            Text["Moment" + MomentOfMedia(migration, entry)],
            ReportText.Time(entry.At),
            entry.Value("from"),
            entry.Value("to"),
            ReportText.Number(Long(entry, "files")),
            ReportText.Number(Long(entry, "moved")),
            ReportText.Number(Long(entry, "bytesMoved")),
            ReportText.Number(Long(entry, "unsettled")),
            ReportText.Duration(TimeSpan.FromSeconds(Seconds(entry))),
        ]);
        return ReportTable.Of(["ColumnWhen", "ColumnEnded", "ColumnFrom", "ColumnTo", "ColumnFiles", "ColumnMoved", "ColumnBytes", "ColumnLeft", "ColumnDuration"], rows) is { } table
            ? new(Text["Media"], table)
            : null;
    }

    /// <summary>Every copy that was begun, with its end; one that was cut has none.</summary>
    private static List<DatabaseCopy> Copies(MigrationSnapshot migration)
    {
        var copies = new List<DatabaseCopy>();
        foreach (var entry in migration.Events)
        {
            if (entry.Kind == JournalKinds.DatabasesCopying)
            {
                copies.Add(new DatabaseCopy(entry, null, MomentOf(migration, entry)));
            }
            else if (entry.Kind == JournalKinds.DatabasesCopied && copies.FindLastIndex(copy => copy.Begun.Setup == entry.Setup && copy.Done is null) is >= 0 and var index)
            {
                copies[index] = copies[index] with { Done = entry };
            }
        }

        return copies;
    }

    private static CopyMoment MomentOf(MigrationSnapshot migration, JournalEvent begun) =>
        migration.Record.Undo is { } undo && begun.At >= undo.StartedAt ? CopyMoment.Undo
        : begun.Value("live") == CopyJournal.Live ? CopyMoment.Before
        : CopyMoment.Within;

    /// <summary>Within the downtime where the old client was going, or gone, when the copy ended.</summary>
    private static CopyMoment MomentOfMedia(MigrationSnapshot migration, JournalEvent copied)
    {
        if (migration.Record.Undo is { } undo && copied.At >= undo.StartedAt)
        {
            return CopyMoment.Undo;
        }

        var last = migration.Events.LastOrDefault(entry =>
            entry.Setup == migration.SourceName
            && entry.At <= copied.At
            && (MigrationSnapshot.SourceGoes.Contains(entry.Kind) || MigrationSnapshot.SourceServesAgain.Contains(entry.Kind)));
        return last is not null && MigrationSnapshot.SourceGoes.Contains(last.Kind) ? CopyMoment.Within : CopyMoment.Before;
    }

    private static SortedDictionary<string, string> Tables(JournalEvent copied)
    {
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in copied.Value("digests").Split(["; "], StringSplitOptions.RemoveEmptyEntries))
        {
            var space = part.LastIndexOf(' ');
            tables[space < 0 ? part : part.Substring(0, space)] = space < 0 ? ReportText.None : part.Substring(space + 1);
        }

        return tables;
    }

    private static long Long(JournalEvent entry, string name) =>
        long.TryParse(entry.Value(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static double Seconds(JournalEvent entry) =>
        double.TryParse(entry.Value("seconds"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static string Port(long number) => number.ToString(CultureInfo.InvariantCulture);

    private enum CopyMoment
    {
        /// <summary>While the old client served.</summary>
        Before,

        /// <summary>While nobody did.</summary>
        Within,

        /// <summary>On the way back.</summary>
        Undo,
    }

    private sealed record DatabaseCopy(JournalEvent Begun, JournalEvent? Done, CopyMoment Moment);
}
