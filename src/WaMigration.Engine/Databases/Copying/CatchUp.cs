namespace WaMigration.Databases.Copying;

/// <summary>
/// Brings a table up to date: compare, replace what differs, compare again. All rows that go are removed before the
/// first one comes, so that what stays is a part of the source, and no unique value can collide.
/// </summary>
internal sealed class CatchUp(ICopySource source, ICopyTarget target, TableModel table, CancellationToken cancellation)
{
    /// <summary>Parts whose keys are in memory at once; some ten thousand rows.</summary>
    private const int PartsAtOnce = 2048;

    private const int KeysAtOnce = 4096;

    /// <summary>Where more than one part in so many differs, all rows are moved: cheaper than to look for those that differ.</summary>
    private const int MostlyOther = 3;
    private readonly ChunkFormat format = source.FormatFor(table, target.Server);
    private readonly List<long> whole = [];
    private readonly List<RowKey> removed = [];
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

        foreach (var batch in Batches(differing, PartsAtOnce))
        {
            await ChooseAsync(parts, cut, batch).ConfigureAwait(false);
        }

        await RemoveAsync(cut).ConfigureAwait(false);
        var bytes = await AddAsync(parts, cut).ConfigureAwait(false);

        theirs = parts.DigestPartsAsync(table, cut, differing, cancellation);
        ours = target.Parts.DigestPartsAsync(table, cut, differing, cancellation);
        await Task.WhenAll(theirs, ours).ConfigureAwait(false);
        return PartDigests.Differing(theirs.Result, ours.Result) is { Count: > 0 } still
            ? throw CopyErrors.ValueNotReproducible.Error(target.Name + " " + table.Name, null, [.. still.Take(10).Select(part => cut.Split('\n')[0] + " #" + part)], table.Name, target.Name)
            : (digest, bytes);
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

        var theirs = parts.KeysAsync(table, cut, batch, cancellation);
        var ours = target.Parts.KeysAsync(table, cut, batch, cancellation);
        await Task.WhenAll(theirs, ours).ConfigureAwait(false);
        var go = ours.Result.Where(row => !theirs.Result.TryGetValue(row.Key, out var hash) || hash != row.Value).Select(row => row.Key).ToList();
        var come = theirs.Result.Where(row => !ours.Result.TryGetValue(row.Key, out var hash) || hash != row.Value).Select(row => row.Key).ToList();
        if (come.Count > theirs.Result.Count / 2)
        {
            // Most of it is new: reading all of it costs less than reading it row by row.
            whole.AddRange(batch);
            return;
        }

        removed.AddRange(go);
        added.AddRange(come);
    }

    private async Task RemoveAsync(string cut)
    {
        foreach (var batch in Batches(whole, PartsAtOnce))
        {
            await target.RemoveAsync(table, cut, batch, null, cancellation).ConfigureAwait(false);
        }

        foreach (var batch in Batches(removed, KeysAtOnce))
        {
            await target.RemoveAsync(table, cut, [], batch, cancellation).ConfigureAwait(false);
        }
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
