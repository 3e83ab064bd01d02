using System.Text.RegularExpressions;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>What a copy has to know of a table, and the objects that it is made by.</summary>
internal static class MySqlTableModel
{
    private static readonly Regex Counted = new(@"^`(?:[^`]|``)*` .*\bAUTO_INCREMENT\b", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    internal static TableModel Of(string name, string engine, bool hasHistory, bool hasOwnPeriod, long rows, long bytes, IReadOnlyList<TableColumn> columns, IReadOnlyList<string> key)
    {
        if (hasHistory && !hasOwnPeriod)
        {
            // Where nobody named them the server has them all the same, by these names, and shows them to none.
            columns = [.. columns, new("`row_start`", "timestamp(6)", true, true, "`row_start`"), new("`row_end`", "timestamp(6)", true, true, "`row_end`")];
        }

        var isWhole = hasHistory || !IsTransactional(engine);
        var keyColumns = isWhole ? [] : key.Select(one => columns.First(column => column.Name == one)).ToArray();
        return new TableModel
        {
            Name = Quote(name),
            Columns = columns,
            Key = keyColumns,
            Bytes = bytes,
            Pages = rows,
            IsWhole = isWhole,
            HasHistory = hasHistory,
            Range = keyColumns.Length == 0 ? RangeKind.None
                : MySqlTypes.IsWhole(keyColumns[0]) ? RangeKind.Number
                : MySqlTypes.IsOrdered(keyColumns[0]) ? RangeKind.Sampled
                : RangeKind.None,
        };
    }

    /// <summary>
    /// The table with what its rows are ordered by; all other keys in one statement once the rows are there, which is
    /// faster than one after the other; foreign keys when all tables are there.
    /// </summary>
    internal static void AddObjects(MySqlFindings found, TableModel table, string name, TableStatement statement, string? key, string engine)
    {
        var counted = statement.Items.FirstOrDefault(item => Counted.IsMatch(item));
        var column = counted is null ? null : Quote(TableStatement.NameOf(counted));
        var foreign = statement.ForeignKeys.ToList();
        var isCounted = statement.Items.Any(item => item.StartsWith("PRIMARY KEY (" + column, StringComparison.Ordinal));
        var late = !IsTransactional(engine) || table.HasHistory
            ? []
            : statement.Keys.Where(item => TableStatement.NameOf(item) != key && (column is null || isCounted || !item.Contains("(" + column))).ToList();
        found.Add("table", name, SchemaPhase.Before, null, [statement.Without(foreign.Concat(late))]);
        if (late.Count > 0)
        {
            // MySQL makes one FULLTEXT index a statement. In their order, which the server keeps.
            var apart = late.Where(item => item.StartsWith("FULLTEXT ", StringComparison.Ordinal)).Skip(1).ToList();
            var alter = "ALTER TABLE " + table.Name + " ADD ";
            found.Add("indexes of table", name, SchemaPhase.Index, table.Name, [alter + string.Join(", ADD ", late.Except(apart)), .. apart.Select(item => alter + item)]);
        }

        if (foreign.Count > 0)
        {
            found.Add("foreign keys of table", name, SchemaPhase.After, null, ["ALTER TABLE " + table.Name + " ADD " + string.Join(", ADD ", foreign)]);
        }
    }

    private static bool IsTransactional(string engine) => engine.ToUpperInvariant() is "INNODB" or "ROCKSDB";
}
