namespace WaMigration.Databases.Copying;

/// <summary>
/// The rows by which two sides differ, found while both are read at once: a row that is the same on both is forgotten as soon
/// as it came from the second, so that in memory is little more than what differs.
/// </summary>
internal sealed class KeyDifferences
{
    private readonly Dictionary<RowKey, (long Hash, bool IsSource)> alone = [];
    private readonly List<RowKey> changed = [];

    /// <summary>Rows of the source, the same ones included.</summary>
    internal long SourceRows { get; private set; }

    /// <summary>Rows that both sides have, each with other values.</summary>
    internal IReadOnlyList<RowKey> Changed => changed;

    /// <summary>Rows that the source alone has.</summary>
    internal IEnumerable<RowKey> Added => alone.Where(row => row.Value.IsSource).Select(row => row.Key);

    /// <summary>Rows that the target alone has.</summary>
    internal IEnumerable<RowKey> Removed => alone.Where(row => !row.Value.IsSource).Select(row => row.Key);

    /// <summary>Takes a row of the source, and the hash of its values.</summary>
    internal void TakeSource(RowKey key, long hash) => Take(key, hash, isSource: true);

    /// <summary>Takes a row of the target, and the hash of its values.</summary>
    internal void TakeTarget(RowKey key, long hash) => Take(key, hash, isSource: false);

    private void Take(RowKey key, long hash, bool isSource)
    {
        lock (alone)
        {
            SourceRows += isSource ? 1 : 0;
            if (!alone.TryGetValue(key, out var other) || other.IsSource == isSource)
            {
                alone[key] = (hash, isSource);
                return;
            }

            alone.Remove(key);
            if (other.Hash != hash)
            {
                changed.Add(key);
            }
        }
    }
}
