namespace WaMigration.Databases.Copying;

/// <summary>
/// Brings a table up to date: compare, replace what differs, compare again. Rows go first; then others are changed where they
/// are, or go as well where that cannot be; rows come last. What stays is a part of the source all the time, so no unique
/// value of a row that comes can collide.
/// </summary>
internal sealed class CatchUp(ICopySource source, ICopyTarget target, TableModel table, CancellationToken cancellation)
{
    /// <summary>Parts whose keys are in memory at once; some ten thousand rows.</summary>
    private const int PartsAtOnce = 2048;

    private const int KeysAtOnce = 4096;

    /// <summary>Where more than one part in so many differs, all rows are moved: cheaper than to look for those that differ.</summary>
    private const int MostlyOther = 3;
    private readonly ChunkFormat format = source.FormatFor(table, target.Server);
    private IRowChanger? changer = target as IRowChanger;
    private readonly List<long> whole = [];
    private readonly List<RowKey> removed = [];
    private readonly List<RowKey> changed = [];
    private readonly List<RowKey> added = [];

    /// <summary>Gives the digest that both sides have in the end, and the bytes that were moved.</summary>
    internal async Task<(TableDigest Digest, long Bytes)> RunAsync()
    {
        if (source.Parts is not { } parts || table.IsLargeObjects || table.IsWhole)
        {
            return await ReloadAsync().ConfigureAwait(false);
        }

        var cut = await parts.CutAsync(table, cancellation).ConfigureAwait(false);
        var theirs = parts.DigestPartsAsync(table, cut, null, cancellation);
        var ours = target.Parts.DigestPartsAsync(table, cut, null, cancellation);
        await Task.WhenAll(theirs, ours).ConfigureAwait(false);
        var digest = theirs.Result.Sum;
        var differing = PartDigests.Differing(theirs.Result, ours.Result);
        if (differing.Count == 0)
        {
            return (digest, 0);
        }

        if (differing.Count > PartsAtOnce && differing.Count > theirs.Result.Count / MostlyOther)
        {
            return await ReloadAsync().ConfigureAwait(false);
        }

        var bytes = 0L;
        while (true)
        {
            foreach (var batch in Batches(differing, PartsAtOnce))
            {
                await ChooseAsync(parts, cut, batch).ConfigureAwait(false);
            }

            var wasChanged = changed.Count > 0;
            bytes += await ReplaceAsync(parts, cut).ConfigureAwait(false);
            theirs = parts.DigestPartsAsync(table, cut, differing, cancellation);
            ours = target.Parts.DigestPartsAsync(table, cut, differing, cancellation);
            await Task.WhenAll(theirs, ours).ConfigureAwait(false);
            differing = PartDigests.Differing(theirs.Result, ours.Result);
            if (differing.Count == 0)
            {
                return (digest, bytes);
            }

            if (!wasChanged)
            {
                throw CopyErrors.ValueNotReproducible.Error(target.Name + " " + table.Name, null, [.. differing.Take(10).Select(part => cut.Split('\n')[0] + " #" + part)], table.Name, target.Name);
            }

            // A value that goes from column to column otherwise than out of a file: once more, the longer way.
            changer = null;
        }
    }

    internal static IEnumerable<IReadOnlyList<T>> Batches<T>(IEnumerable<T> all, int size)
    {
        var list = all.ToList();
        for (var at = 0; at < list.Count; at += size)
        {
            yield return list.GetRange(at, Math.Min(size, list.Count - at));
        }
    }

    private async Task ChooseAsync(IRowParts parts, string cut, IReadOnlyList<long> batch)
    {
        if (table.Key.Count == 0)
        {
            whole.AddRange(batch);
            return;
        }

        var rows = new KeyDifferences();
        await Task.WhenAll(
            parts.KeysAsync(table, cut, batch, rows.TakeSource, cancellation),
            target.Parts.KeysAsync(table, cut, batch, rows.TakeTarget, cancellation)).ConfigureAwait(false);
        var come = changer is null ? rows.Added.Concat(rows.Changed) : rows.Added;
        if (come.Count() > rows.SourceRows / 2)
        {
            // Most of it is new: reading all of it costs less than reading it row by row.
            whole.AddRange(batch);
            return;
        }

        added.AddRange(come);
        removed.AddRange(changer is null ? rows.Removed.Concat(rows.Changed) : rows.Removed);
        changed.AddRange(changer is null ? [] : rows.Changed);
    }

    /// <summary>Gives the bytes that were moved, and has nothing chosen any more.</summary>
    private async Task<long> ReplaceAsync(IRowParts parts, string cut)
    {
        foreach (var batch in Batches(whole, PartsAtOnce))
        {
            await target.RemoveAsync(table, cut, batch, null, cancellation).ConfigureAwait(false);
        }

        await RemoveAsync(cut).ConfigureAwait(false);
        var bytes = await ChangeAsync(parts).ConfigureAwait(false);
        await RemoveAsync(cut).ConfigureAwait(false);
        bytes += await AddAsync(parts, cut).ConfigureAwait(false);
        return bytes;
    }

    private async Task RemoveAsync(string cut)
    {
        foreach (var batch in Batches(removed, KeysAtOnce))
        {
            await target.RemoveAsync(table, cut, [], batch, cancellation).ConfigureAwait(false);
        }

        removed.Clear();
    }

    /// <summary>What cannot be changed where it is, is chosen to go and to come.</summary>
    private async Task<long> ChangeAsync(IRowParts parts)
    {
        var bytes = 0L;
        foreach (var batch in Batches(changed, KeysAtOnce))
        {
            if (await changer!.ChangeAsync(table, write => parts.ReadRowsAsync(table, batch, format, write, cancellation), cancellation).ConfigureAwait(false) is { } moved)
            {
                bytes += moved.Bytes;
                continue;
            }

            removed.AddRange(batch);
            added.AddRange(batch);
        }

        changed.Clear();
        return bytes;
    }

    private async Task<long> AddAsync(IRowParts parts, string cut)
    {
        var bytes = 0L;
        foreach (var batch in Batches(whole, PartsAtOnce))
        {
            bytes += (await target.AddAsync(table, format, write => parts.ReadPartsAsync(table, cut, batch, format, write, cancellation), cancellation).ConfigureAwait(false)).Bytes;
        }

        foreach (var batch in Batches(added, KeysAtOnce))
        {
            bytes += (await target.AddAsync(table, format, write => parts.ReadRowsAsync(table, batch, format, write, cancellation), cancellation).ConfigureAwait(false)).Bytes;
        }

        whole.Clear();
        added.Clear();
        return bytes;
    }

    /// <summary>Where the source has no parts, the table is loaded anew.</summary>
    private async Task<(TableDigest Digest, long Bytes)> ReloadAsync()
    {
        var digest = await source.DigestAsync(table, cancellation).ConfigureAwait(false);
        if (await target.DigestAsync(table, cancellation).ConfigureAwait(false) == digest)
        {
            return (digest, 0);
        }

        var bytes = 0L;
        await target.EmptyAsync(table, cancellation).ConfigureAwait(false);
        foreach (var chunk in source.Plan(table))
        {
            bytes += (await target.AddAsync(table, format, write => source.ReadAsync(table, chunk, format, write, cancellation), cancellation).ConfigureAwait(false)).Bytes;
        }

        return await target.DigestAsync(table, cancellation).ConfigureAwait(false) == digest
            ? (digest, bytes)
            : throw CopyErrors.ValueNotReproducible.Error(target.Name + " " + table.Name, null, [], table.Name, target.Name);
    }
}
