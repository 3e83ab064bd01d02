using System.Globalization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// How a table is cut into parts for comparing. As text: <c>hash:mask</c>, <c>number:shift</c>, or <c>bounds:</c> with
/// the literals. The first and the last part have no bound, so that rows beyond the other side's are seen.
/// </summary>
internal sealed class PostgresCut
{
    private readonly TableModel table;
    private readonly string kind;
    private readonly string value;
    private readonly string[] bounds;

    internal PostgresCut(TableModel table, string cut)
    {
        this.table = table;
        var at = cut.IndexOf(':');
        (kind, value) = (cut.Substring(0, at), cut.Substring(at + 1));
        bounds = kind == "bounds" ? value.Split('\n') : [];
    }

    internal static string Hash(long mask) => "hash:" + mask.ToString(CultureInfo.InvariantCulture);

    internal static string Number(int shift) => "number:" + shift.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of bounds in rising order, none of which holds a line feed.</summary>
    internal static string Bounds(IEnumerable<string> bounds) => "bounds:" + string.Join("\n", bounds);

    /// <summary>The number of a row's part.</summary>
    internal string Expression => kind switch
    {
        "hash" => "(" + KeyHash + " & " + value + ")",
        "number" => "(" + First.Name + "::int8 >> " + value + ")",
        _ => "width_bucket(" + First.Name + ", ARRAY[" + string.Join(", ", bounds.Select(PostgresRows.Literal)) + "]::" + ArrayType + ")::int8",
    };

    /// <summary>The rows of some parts.</summary>
    internal string Condition(IReadOnlyCollection<long> parts)
    {
        if (kind == "hash")
        {
            return Expression + " = ANY ('{" + string.Join(",", parts.Select(part => part.ToString(CultureInfo.InvariantCulture))) + "}'::int8[])";
        }

        // Neighbours are one range: fewer of them, and each is a range of the index.
        var ranges = new List<string>();
        foreach (var (from, to) in Runs(parts))
        {
            ranges.Add("(" + Range(from, to) + ")");
        }

        return "(" + string.Join(" OR ", ranges) + ")";
    }

    /// <summary>Without a key the row itself stands for it.</summary>
    private string KeyHash => table.Key.Count == 0
        ? PostgresStatements.RowHash(table)
        : "hash_record_extended(ROW(" + string.Join(", ", table.Key.Select(column => column.Digest)) + "), 0)";

    private TableColumn First => table.Key[0];

    private string ArrayType
    {
        get
        {
            var open = First.Type.IndexOf('(');
            return (open < 0 ? First.Type : First.Type.StartsWith("character varying", StringComparison.Ordinal) ? "character varying" : First.Type.Remove(open, First.Type.IndexOf(')') - open + 1)) + "[]";
        }
    }

    private static IEnumerable<(long From, long To)> Runs(IEnumerable<long> parts)
    {
        (long From, long To)? run = null;
        foreach (var part in parts.OrderBy(part => part))
        {
            if (run is { } open && part == open.To + 1)
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

    private string Range(long from, long to)
    {
        if (kind == "number")
        {
            var shift = int.Parse(value, CultureInfo.InvariantCulture);
            var low = System.Numerics.BigInteger.Pow(2, shift) * from;
            var high = (System.Numerics.BigInteger.Pow(2, shift) * (to + 1)) - 1;
            return First.Name + " >= (" + low.ToString(CultureInfo.InvariantCulture) + ")::int8 AND " + First.Name + " <= (" + high.ToString(CultureInfo.InvariantCulture) + ")::int8";
        }

        var type = ArrayType.Substring(0, ArrayType.Length - 2);
        var conditions = new List<string>();
        if (from > 0)
        {
            conditions.Add(First.Name + " >= " + PostgresRows.Literal(bounds[from - 1]) + "::" + type);
        }

        if (to < bounds.Length)
        {
            conditions.Add(First.Name + " < " + PostgresRows.Literal(bounds[to]) + "::" + type);
        }

        return conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }
}
