namespace WaMigration.Databases.Copying;

/// <summary>
/// The digests of a table's parts. A list that is sorted when it is compared: a hundred thousand of them on either side
/// take a third of the room that they have in a dictionary.
/// </summary>
/// <param name="expected">About how many there will be.</param>
internal sealed class PartDigests(int expected)
{
    private readonly List<(long Part, TableDigest Digest)> parts = new(expected);
    private bool isSorted = true;

    /// <summary>Parts that have rows.</summary>
    internal int Count => parts.Count;

    /// <summary>The digest of all together.</summary>
    internal TableDigest Sum => parts.Aggregate(TableDigest.Empty, (sum, part) => sum.Plus(part.Digest));

    /// <summary>Takes a part. Each comes once; one without rows is as good as none.</summary>
    internal void Add(long part, TableDigest digest)
    {
        if (digest.Rows > 0)
        {
            isSorted &= parts.Count == 0 || parts[parts.Count - 1].Part < part;
            parts.Add((part, digest));
        }
    }

    /// <summary>The parts that are not the same on both sides, in order.</summary>
    internal static List<long> Differing(PartDigests one, PartDigests other)
    {
        var differing = new List<long>();
        var (a, b) = (one.Sorted(), other.Sorted());
        var (at, bt) = (0, 0);
        while (at < a.Count || bt < b.Count)
        {
            var order = at == a.Count ? 1 : bt == b.Count ? -1 : a[at].Part.CompareTo(b[bt].Part);
            if (order != 0 || a[at].Digest != b[bt].Digest)
            {
                differing.Add(order <= 0 ? a[at].Part : b[bt].Part);
            }

            at += order <= 0 ? 1 : 0;
            bt += order >= 0 ? 1 : 0;
        }

        return differing;
    }

    private List<(long Part, TableDigest Digest)> Sorted()
    {
        if (!isSorted)
        {
            parts.Sort((one, other) => one.Part.CompareTo(other.Part));
            isSorted = true;
        }

        return parts;
    }
}
