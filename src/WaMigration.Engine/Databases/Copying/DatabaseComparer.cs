using WaMigration.Databases.Cluster;

namespace WaMigration.Databases.Copying;

/// <summary>Compares databases by digests alone: objects, counters, rows. Nothing is written anywhere.</summary>
internal static class DatabaseComparer
{
    /// <summary>Server with server.</summary>
    internal static async Task RunAsync(WaDatabaseServer source, WaDatabaseServer target, CopyOptions options, Action<WaTableComparison> output, Operation operation)
    {
        var from = CopyServers.Of(source);
        var facts = await from.FactsAsync(operation).ConfigureAwait(false);
        var databases = await CopyPreparation.ChooseAsync(source, options, operation).ConfigureAwait(false);
        foreach (var database in databases)
        {
            using var one = await OpenAsync(from, facts, database.Name, options, operation).ConfigureAwait(false);
            var found = new List<WaTableComparison>();
            await RunAsync(one, source.NamePrefix, target, options, options.Removed is null ? output : found.Add, operation).ConfigureAwait(false);
            foreach (var comparison in found)
            {
                output(await WithoutRemovedAsync(comparison, source, database.Name, target, options, operation).ConfigureAwait(false));
            }
        }
    }

    /// <summary>One database, or its copy in an archive, with the one on a server that has its name under the other prefix.</summary>
    internal static async Task RunAsync(ICopySource source, string prefix, WaDatabaseServer target, CopyOptions options, Action<WaTableComparison> output, Operation operation)
    {
        var to = CopyServers.Of(target);
        var facts = await to.FactsAsync(operation).ConfigureAwait(false);
        var name = CopyPreparation.TargetName(source.Model.Name, prefix, target.NamePrefix);
        if ((await to.ExistingAsync([name], operation).ConfigureAwait(false)).Count == 0)
        {
            output(new WaTableComparison { Database = source.Model.Name, Kind = "database", Name = name, Detail = DatabaseText.Catalog.Format("ObjectMissing", facts.Address + "/" + name) });
            return;
        }

        using var other = await OpenAsync(to, facts, name, options with { IncludeOwner = source.Model.HasOwners() }, operation).ConfigureAwait(false);
        await RunAsync(source, other, options, output, operation).ConfigureAwait(false);
    }

    /// <summary>Of a cluster's tables, rows that were removed on purpose are no difference.</summary>
    private static async Task<WaTableComparison> WithoutRemovedAsync(WaTableComparison comparison, WaDatabaseServer source, string database, WaDatabaseServer target, CopyOptions options, Operation operation)
    {
        if (comparison.IsEqual || comparison.Kind != "table" || ClusterComparison.TableOf(database, comparison.Name) is not { } table)
        {
            return comparison;
        }

        var name = CopyPreparation.TargetName(database, source.NamePrefix, target.NamePrefix);
        return await ClusterComparison.IsEqualAsync(source, database, target, name, table, options.Removed!, operation).ConfigureAwait(false)
            ? new WaTableComparison
            {
                Database = comparison.Database,
                Kind = comparison.Kind,
                Name = comparison.Name,
                SourceRows = comparison.SourceRows,
                DestinationRows = comparison.DestinationRows,
                IsEqual = true,
                Detail = ClusterErrors.Phrase("Cleaned"),
            }
            : comparison;
    }

    private static async Task<ICopySource> OpenAsync(ICopyServer server, ServerFacts facts, string database, CopyOptions options, Operation operation) =>
        (await server.OpenSourcesAsync([database], facts, options.IncludeOwner, 0, operation).ConfigureAwait(false))[0];

    private static async Task RunAsync(ICopySource source, ICopySource target, CopyOptions options, Action<WaTableComparison> output, Operation operation)
    {
        var database = source.Model.Name;
        var (ours, theirs) = (source.Model, target.Model);
        Tell("objects", [.. ours.NotCarried.Except(theirs.NotCarried).Select(thing => DatabaseText.Catalog.Format("ObjectMissing", thing)), .. theirs.NotCarried.Except(ours.NotCarried).Select(thing => DatabaseText.Catalog.Format("ObjectSurplus", thing)), .. DatabaseFingerprint.Differences(ours, theirs)], database, output);
        Tell("sequences", Sequences(await source.SequencesAsync(operation.Cancellation).ConfigureAwait(false), await target.SequencesAsync(operation.Cancellation).ConfigureAwait(false)), database, output);

        var there = theirs.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        var progress = new CopyProgress(operation, DatabaseText.Catalog.Format("CompareActivity", database), ours.Tables.Sum(table => table.Bytes));
        try
        {
            using var pool = new CopyPool(options.ThrottleLimit);
            foreach (var table in ours.Tables.Where(table => !options.Excludes(table)))
            {
                pool.Add(new CopyJob(table.Bytes, false, async stop =>
                {
                    var rows = source.DigestAsync(table, stop);
                    var others = there.TryGetValue(table.Name, out var same) ? target.DigestAsync(same, stop) : Task.FromResult(TableDigest.Empty);
                    await Task.WhenAll(rows, others).ConfigureAwait(false);
                    progress.ChunkDone(table.Bytes, rows.Result.Rows);
                    progress.Tell(table.Name);
                    output(new WaTableComparison
                    {
                        Database = database,
                        Kind = table.IsLargeObjects ? "large objects" : "table",
                        Name = table.Name,
                        SourceRows = rows.Result.Rows,
                        DestinationRows = others.Result.Rows,
                        IsEqual = rows.Result == others.Result,
                        Detail = rows.Result == others.Result ? string.Empty
                            : rows.Result.Rows != others.Result.Rows ? DatabaseText.Catalog.Format("RowsDiffer", rows.Result.Rows, others.Result.Rows)
                            : DatabaseText.Catalog["ValuesDiffer"],
                    });
                }));
            }

            await pool.RunAsync(operation.Cancellation).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }

        var known = new HashSet<string>(ours.Tables.Select(table => table.Name), StringComparer.Ordinal);
        foreach (var surplus in theirs.Tables.Where(table => !known.Contains(table.Name) && !options.Excludes(table)))
        {
            var digest = await target.DigestAsync(surplus, operation.Cancellation).ConfigureAwait(false);
            output(new WaTableComparison { Database = database, Kind = surplus.IsLargeObjects ? "large objects" : "table", Name = surplus.Name, SourceRows = 0, DestinationRows = digest.Rows, Detail = DatabaseText.Catalog.Format("ObjectSurplus", surplus.Name) });
        }
    }

    private static void Tell(string kind, IReadOnlyList<string> differences, string database, Action<WaTableComparison> output)
    {
        if (differences.Count == 0)
        {
            output(new WaTableComparison { Database = database, Kind = kind, Name = kind, IsEqual = true });
        }

        foreach (var difference in differences)
        {
            output(new WaTableComparison { Database = database, Kind = kind, Name = kind, Detail = difference });
        }
    }

    internal static IReadOnlyList<string> Sequences(IReadOnlyList<CounterPosition> source, IReadOnlyList<CounterPosition> target)
    {
        var there = target.ToDictionary(position => position.Name, StringComparer.Ordinal);
        return
        [
            .. source.Where(position => !there.TryGetValue(position.Name, out var other) || other != position)
                .Select(position => DatabaseText.Catalog.Format("PositionDiffers", position.Name, Text(position), there.TryGetValue(position.Name, out var other) ? Text(other) : "-")),
        ];
    }

    private static string Text(CounterPosition position) => position.LastValue.ToString(System.Globalization.CultureInfo.InvariantCulture) + (position.IsCalled ? string.Empty : " (not used)");
}
