using System.Diagnostics;

namespace WaMigration.Databases.Copying;

/// <summary>The jobs of one database: chunks, then the indexes of each table, then all that joins tables, then the proof.</summary>
internal sealed class DatabaseWork(DatabasePair pair, CopyOptions options, CopyPool pool, CopyProgress progress, Action<WaTableCopy> output)
{
    private readonly object gate = new();
    private readonly Dictionary<string, TableWork> tables = new(StringComparer.Ordinal);
    private HashSet<string> made = new(StringComparer.Ordinal);
    private int open;

    private ICopySource Source => pair.Source;

    private ICopyTarget Target => pair.Target!;

    /// <summary>Hands in the first jobs.</summary>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        var ledger = await Target.LedgerAsync(cancellation).ConfigureAwait(false);
        made = new HashSet<string>(ledger.Where(entry => entry.Kind == LedgerEntry.ObjectKind).Select(entry => entry.Name), StringComparer.Ordinal);
        var chunks = ledger.Where(entry => entry.Kind == LedgerEntry.ChunkKind).ToLookup(entry => entry.Name, StringComparer.Ordinal);
        foreach (var table in pair.Model.Tables)
        {
            tables.Add(table.Name, new TableWork(table, options.Excludes(table)));
        }

        open = tables.Count + 1;
        foreach (var work in tables.Values)
        {
            if (work.IsExcluded)
            {
                CloseTable();
                continue;
            }

            if (pair.IsUpdate)
            {
                AddBuild(work, async stop =>
                {
                    work.Result = await ProveAsync(work, stop).ConfigureAwait(false);
                    CloseTable();
                });
                continue;
            }

            await StartTableAsync(work, [.. chunks[work.Table.Name]], cancellation).ConfigureAwait(false);
        }

        CloseTable();
    }

    private IEnumerable<SchemaObject> Indexes(TableWork work) =>
        pair.Model.Objects.Where(item => item.Phase == SchemaPhase.Index && item.Table == work.Table.Name);

    private async Task StartTableAsync(TableWork work, IReadOnlyList<LedgerEntry> done, CancellationToken cancellation)
    {
        var plan = Source.Plan(work.Table);
        var isIndexed = Indexes(work).Any(item => made.Any(name => name.StartsWith(item.Key, StringComparison.Ordinal)));
        var left = plan.Where(chunk => done.All(entry => entry.Part != chunk.Number)).ToList();
        if (isIndexed)
        {
            // All its chunks were there before. What came to the source since is found by the comparison at the end.
            left.Clear();
        }
        else if (done.Count > 0 && !await IsAsReadAsync(work.Table, plan, done, cancellation).ConfigureAwait(false))
        {
            await Target.EmptyAsync(work.Table, cancellation).ConfigureAwait(false);
            left = [.. plan];
        }

        work.Left = left.Count;
        progress.ChunkDone(plan.Except(left).Sum(chunk => chunk.Bytes), 0);
        if (left.Count == 0)
        {
            TableLoaded(work);
        }

        foreach (var chunk in left)
        {
            pool.Add(new CopyJob(chunk.Bytes, false, stop => LoadAsync(work, chunk, stop), work));
        }
    }

    /// <summary>Whether what an earlier run wrote is what its chunks hold now: pages move when rows are written.</summary>
    private async Task<bool> IsAsReadAsync(TableModel table, IReadOnlyList<Chunk> plan, IReadOnlyList<LedgerEntry> done, CancellationToken cancellation)
    {
        var sum = TableDigest.Empty;
        foreach (var entry in done)
        {
            if (plan.FirstOrDefault(chunk => chunk.Number == entry.Part) is not { } chunk)
            {
                return false;
            }

            sum = sum.Plus(await Source.DigestAsync(table, chunk, cancellation).ConfigureAwait(false));
        }

        return sum == await Target.DigestAsync(table, cancellation).ConfigureAwait(false);
    }

    private async Task LoadAsync(TableWork work, Chunk chunk, CancellationToken stop)
    {
        work.Begin();
        var format = Source.FormatFor(work.Table, Target.Server);
        var result = await Target.WriteAsync(
            work.Table,
            chunk,
            format,
            write => Source.ReadAsync(
                work.Table,
                chunk,
                format,
                (block, count) =>
                {
                    progress.Moved(count, pair.TargetName + " " + work.Table.Name);
                    return write(block, count);
                },
                stop),
            stop).ConfigureAwait(false);
        progress.ChunkDone(chunk.Bytes, result.Rows);
        bool isLast;
        lock (gate)
        {
            work.Bytes += result.Bytes;
            work.Rows += result.Rows;
            work.End();
            isLast = --work.Left == 0;
        }

        if (isLast)
        {
            TableLoaded(work);
        }
    }

    private void TableLoaded(TableWork work)
    {
        var indexes = Indexes(work).Where(item => !made.Contains(item.Key)).ToList();
        var jobs = indexes.Select(item => (Func<CancellationToken, Task>)(stop => Target.BuildAsync(item, stop))).ToList();
        if (!options.SkipVerify)
        {
            // The pages are still in memory now, on both sides.
            jobs.Insert(0, async stop => work.TargetDigest = await Target.DigestAsync(work.Table, stop).ConfigureAwait(false));
            jobs.Insert(0, async stop => work.SourceDigest = await Source.DigestAsync(work.Table, stop).ConfigureAwait(false));
        }

        if (jobs.Count == 0)
        {
            AddBuild(work, stop => FinishTableAsync(work, indexes, stop));
        }

        work.Left = jobs.Count;
        foreach (var job in jobs)
        {
            AddBuild(work, async stop =>
            {
                await job(stop).ConfigureAwait(false);
                bool isLast;
                lock (gate)
                {
                    isLast = --work.Left == 0;
                }

                if (isLast)
                {
                    AddBuild(work, next => FinishTableAsync(work, indexes, next));
                }
            });
        }
    }

    private void AddBuild(TableWork work, Func<CancellationToken, Task> job) => pool.Add(new CopyJob(work.Table.Bytes, true, stop =>
    {
        progress.Tell(pair.TargetName + " " + work.Table.Name);
        return job(stop);
    }));

    /// <summary>What wants a table alone comes when nobody builds on it any more: it would hold up a worker that waits.</summary>
    private async Task FinishTableAsync(TableWork work, IReadOnlyList<SchemaObject> indexes, CancellationToken stop)
    {
        foreach (var item in indexes)
        {
            await Target.MakeAsync(item, stop).ConfigureAwait(false);
        }

        await Target.AnalyzeAsync(work.Table, stop).ConfigureAwait(false);
        CloseTable();
    }

    private void CloseTable()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            pool.Add(new CopyJob(0, true, FinishAsync));
        }
    }

    private async Task FinishAsync(CancellationToken stop)
    {
        foreach (var item in pair.Model.Objects.Where(item => item.Phase is SchemaPhase.Index or SchemaPhase.After && !made.Contains(item.Key)))
        {
            if (!pair.IsUpdate && (item.Phase == SchemaPhase.After || item.Table is null || !tables.TryGetValue(item.Table, out var work) || work.IsExcluded))
            {
                await Target.MakeAsync(item, stop).ConfigureAwait(false);
            }
        }

        foreach (var work in tables.Values.OrderByDescending(work => work.Table.Bytes))
        {
            output(work.Result ?? await ProveAsync(work, stop).ConfigureAwait(false));
        }

        var hasMade = await Target.RowsAreRightAsync(stop).ConfigureAwait(false);
        await Target.SetSequencesAsync(await Source.SequencesAsync(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
        foreach (var item in pair.Model.Objects.Where(item => item.Phase == SchemaPhase.Last && (IsOfRows(item) || (!pair.IsUpdate && !made.Contains(item.Key)))))
        {
            await Target.MakeAsync(item, stop).ConfigureAwait(false);
            hasMade = true;
        }

        // An update that made nothing found all objects alike before its first row, under the lock: a downtime may wait for it.
        if (hasMade || !pair.IsUpdate || pair.IsResumed)
        {
            await RequireReproducedAsync(stop).ConfigureAwait(false);
        }

        await Target.EndAsync(pair.Model.Settings, stop).ConfigureAwait(false);
    }

    private async Task RequireReproducedAsync(CancellationToken stop)
    {
        var there = await Target.ReadModelAsync(pair.Model.HasOwners(), stop).ConfigureAwait(false);
        var differences = DatabaseFingerprint.Differences(pair.Model with { Properties = new Dictionary<string, string>(), Settings = [] }, there.WithoutAccountsBeside(pair.Model) with { Settings = [] });
        if (differences.Count > 0)
        {
            throw CopyErrors.ObjectsNotReproduced.Error(Target.Server.Address + "/" + Target.Name, null, differences, differences.Count);
        }
    }

    /// <summary>What follows the rows and is made again when they changed: contents of views, and what is said of large objects.</summary>
    private static bool IsOfRows(SchemaObject item) => item.Kind == "view content" || item.Name.Has("large object ");

    private async Task<WaTableCopy> ProveAsync(TableWork work, CancellationToken stop)
    {
        if (work.IsExcluded)
        {
            return Result(work, null, WaTableState.Excluded);
        }

        if (!pair.IsUpdate && options.SkipVerify)
        {
            return Result(work, null, WaTableState.Copied);
        }

        if (work.SourceDigest is { } digest && digest == work.TargetDigest)
        {
            return Result(work, digest, WaTableState.Verified);
        }

        work.Begin();
        var caught = await new CatchUp(Source, Target, work.Table, stop).RunAsync().ConfigureAwait(false);
        work.Bytes += caught.Bytes;
        work.End();
        return Result(work, caught.Digest, caught.Bytes > 0 ? WaTableState.Updated : WaTableState.Unchanged);
    }

    private WaTableCopy Result(TableWork work, TableDigest? digest, WaTableState state) => new()
    {
        Database = pair.TargetName,
        Table = work.Table.Name,
        Rows = digest?.Rows ?? work.Rows,
        Bytes = work.Bytes,
        Seconds = Math.Round(work.Seconds, 3),
        Digest = digest?.Text,
        State = state,
    };

    /// <summary>One table's state.</summary>
    private sealed class TableWork(TableModel table, bool isExcluded)
    {
        private long begun;

        internal TableModel Table { get; } = table;

        internal bool IsExcluded { get; } = isExcluded;

        internal int Left { get; set; }

        internal long Bytes { get; set; }

        internal long Rows { get; set; }

        internal double Seconds { get; private set; }

        internal WaTableCopy? Result { get; set; }

        internal TableDigest? SourceDigest { get; set; }

        internal TableDigest? TargetDigest { get; set; }

        internal void Begin() => Interlocked.CompareExchange(ref begun, Stopwatch.GetTimestamp(), 0);

        internal void End() => Seconds = (Stopwatch.GetTimestamp() - begun) / (double)Stopwatch.Frequency;
    }
}
