using System.Globalization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// How a table is cut into parts for comparing. As text: <c>number:shift</c> by ranges of a whole number, else
/// <c>hash:mask</c> by the hash of the key: no order of texts has to be the same on both sides, and a row has one cheap
/// look. Ranges have no first and last, so that rows beyond the other side's are seen.
/// </summary>
internal sealed class PostgresCut
{
    /// <summary>More ranges than these are not written down one by one.</summary>
    private const int MostRanges = 64;

    private readonly TableModel table;
    private readonly string kind;
    private readonly long value;

    internal PostgresCut(TableModel table, string cut)
    {
        this.table = table;
        var words = cut.Split(':');
        (kind, value) = (words[0], long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    internal static string Hash(long mask) => "hash:" + mask.ToString(CultureInfo.InvariantCulture);

    internal static string Number(int shift) => "number:" + shift.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of a row's part.</summary>
    internal string Expression => kind == "hash" ? "(" + KeyHash + " & " + Text(value) + ")" : "(" + First + "::int8 >> " + Text(value) + ")";

    /// <summary>
    /// The rows of some parts, by the ways that a server has: a range of the index for each of a few; the same by their
    /// places for many, which are still a small share of the table; else one look at every row.
    /// </summary>
    internal string Condition(IReadOnlyCollection<long> parts, bool isSmallShare)
    {
        var among = Expression + " = ANY ('{" + string.Join(",", parts.Select(Text)) + "}'::int8[])";
        if (kind == "hash")
        {
            return among;
        }

        var ranges = Runs(parts).ToList();
        if (ranges.Count <= MostRanges)
        {
            return "(" + string.Join(" OR ", ranges.Select(range => "(" + First + " >= (" + Text(Low(range.From)) + ")::int8 AND " + First + " <= (" + Text(High(range.To)) + ")::int8)")) + ")";
        }

        return isSmallShare
            ? "ctid = ANY (ARRAY(SELECT x.place FROM unnest('{" + string.Join(",", ranges.Select(range => Text(Low(range.From)))) + "}'::int8[], '{" + string.Join(",", ranges.Select(range => Text(High(range.To)))) + "}'::int8[]) r(low, high) "
                + "CROSS JOIN LATERAL (SELECT y.ctid AS place FROM ONLY " + table.Name + " y WHERE y." + First + " >= r.low AND y." + First + " <= r.high OFFSET 0) x))"
            : among;
    }

    /// <summary>Without a key the row itself stands for it.</summary>
    private string KeyHash => table.Key.Count == 0
        ? PostgresStatements.RowHash(table)
        : "hash_record_extended(ROW(" + string.Join(", ", table.Key.Select(column => column.Digest)) + "), 0)";

    private string First => table.Key[0].Name;

    /// <summary>Neighbours are one range: fewer of them, and each is a range of the index.</summary>
    private static IEnumerable<(long From, long To)> Runs(IEnumerable<long> parts)
    {
        (long From, long To)? run = null;
        foreach (var part in parts.OrderBy(part => part))
        {
            if (run is { } open && part <= open.To + 1)
            {
                run = (open.From, part);
                continue;
            }

            if (run is { } done)
            {
                yield return done;
            }

            run = (part, part);
        }

        if (run is { } last)
        {
            yield return last;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(System.Numerics.BigInteger number) => number.ToString(CultureInfo.InvariantCulture);

    private System.Numerics.BigInteger Low(long part) => System.Numerics.BigInteger.Pow(2, (int)value) * part;

    private System.Numerics.BigInteger High(long part) => (System.Numerics.BigInteger.Pow(2, (int)value) * (part + 1)) - 1;
}
