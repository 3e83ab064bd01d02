using System.Globalization;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// How a table is cut into parts for comparing. As text: <c>hash:mask</c>, <c>number:divisor</c>, or <c>bounds:</c> with the
/// keys. The first and the last part have no bound, so that rows beyond the other side's are seen.
/// </summary>
internal sealed class MySqlCut
{
    private const int RangesAtOnce = 64;
    private readonly TableModel table;
    private readonly string kind;
    private readonly string value;
    private readonly string[] bounds;

    internal MySqlCut(TableModel table, string cut)
    {
        this.table = table;
        var at = cut.IndexOf(':');
        (kind, value) = (cut.Substring(0, at), cut.Substring(at + 1));
        bounds = kind == "bounds" ? value.Split('\n') : [];
    }

    internal static string Hash(long mask) => "hash:" + mask.ToString(CultureInfo.InvariantCulture);

    internal static string Number(long divisor) => "number:" + divisor.ToString(CultureInfo.InvariantCulture);

    internal static string Bounds(IEnumerable<string> bounds) => "bounds:" + string.Join("\n", bounds);

    /// <summary>Its parts are ranges whose numbers no expression gives: each is asked for by itself.</summary>
    internal bool IsByBounds => kind == "bounds";

    /// <summary>
    /// What is asked for in one statement: of ranges a few, since every row of them is held against each until one fits.
    /// </summary>
    internal IEnumerable<IReadOnlyCollection<long>> Steps(IReadOnlyCollection<long> parts) => kind == "hash" ? [parts] : CatchUp.Batches(parts.OrderBy(part => part), RangesAtOnce);

    internal long Last => bounds.Length;

    /// <summary>The number of a row's part.</summary>
    internal string Expression => kind == "hash" ? "(" + KeyHash + " & " + value + ")" : "(" + First.Name + " DIV " + value + ")";

    /// <summary>The rows of some parts.</summary>
    internal string Condition(IReadOnlyCollection<long> parts)
    {
        if (kind == "hash")
        {
            return Expression + " IN (" + string.Join(", ", parts.Select(part => part.ToString(CultureInfo.InvariantCulture))) + ")";
        }

        // Neighbours are one range: fewer of them, and each is a range of the index.
        var ranges = new List<string>();
        long? from = null;
        var sorted = parts.OrderBy(part => part).ToList();
        for (var place = 0; place < sorted.Count; place++)
        {
            from ??= sorted[place];
            if (place + 1 == sorted.Count || sorted[place + 1] != sorted[place] + 1)
            {
                ranges.Add("(" + Range(from.Value, sorted[place]) + ")");
                from = null;
            }
        }

        return "(" + string.Join(" OR ", ranges) + ")";
    }

    /// <summary>Without a key the row itself stands for it.</summary>
    private string KeyHash => table.Key.Count == 0 ? MySqlStatements.RowHash(table) : MySqlTypes.RowHash(table.Key);

    private TableColumn First => table.Key[0];

    private string Range(long from, long to)
    {
        var conditions = new List<string>();
        if (kind == "number")
        {
            // Division goes towards zero, so the parts on both sides of it lie mirrored.
            var divisor = decimal.Parse(value, CultureInfo.InvariantCulture);
            if (from > 0 || !MySqlTypes.IsUnsigned(First))
            {
                conditions.Add(First.Name + " >= " + Text(from > 0 ? from * divisor : ((from - 1) * divisor) + 1));
            }

            conditions.Add(First.Name + " <= " + Text(to >= 0 ? ((to + 1) * divisor) - 1 : to * divisor));
            return string.Join(" AND ", conditions);
        }

        if (from > 0)
        {
            conditions.Add(First.Name + " >= " + MySqlTypes.Literal(First, bounds[from - 1]));
        }

        if (to < bounds.Length)
        {
            conditions.Add(First.Name + " < " + MySqlTypes.Literal(First, bounds[to]));
        }

        return conditions.Count == 0 ? "TRUE" : string.Join(" AND ", conditions);
    }

    private static string Text(decimal number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
