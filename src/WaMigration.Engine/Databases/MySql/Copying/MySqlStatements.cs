using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>The statements that read and digest rows.</summary>
internal static class MySqlStatements
{
    /// <summary>What stands after FROM.</summary>
    internal static string From(TableModel table) => table.Name + (table.HasHistory ? " FOR SYSTEM_TIME ALL" : string.Empty);

    /// <summary>Rows and sum, of all or of those that a condition chooses.</summary>
    internal static string Digest(TableModel table, string? where = null) =>
        "SELECT COUNT(*), COALESCE(SUM(" + RowHash(table) + "), 0) FROM " + From(table) + Where(where);

    /// <summary>What the server computes is not looked at: it follows from the rest.</summary>
    internal static string RowHash(TableModel table) => MySqlTypes.RowHash([.. table.Stored]);

    internal static string Where(string? condition) => condition is null ? string.Empty : " WHERE " + condition;

    internal static string Select(TableModel table, string? where) =>
        "SELECT " + string.Join(", ", table.Stored.Select(MySqlTypes.Read)) + " FROM " + From(table) + Where(where);

    /// <summary>The rows of a chunk; the first and the last have no bound.</summary>
    internal static string? Condition(TableModel table, Chunk chunk)
    {
        var conditions = new List<string>();
        if (chunk.Number > 0)
        {
            conditions.Add(table.Key[0].Name + " >= " + Bound(table.Key[0], chunk.From, chunk.FirstKey));
        }

        if (chunk.To is { } to)
        {
            conditions.Add(table.Key[0].Name + " < " + Bound(table.Key[0], to, chunk.EndKey));
        }

        return conditions.Count == 0 ? null : string.Join(" AND ", conditions);
    }

    internal static string Number(TableColumn column, long value) =>
        MySqlTypes.IsUnsigned(column) ? unchecked((ulong)value).ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The rows with these keys.</summary>
    internal static string Among(TableModel table, IReadOnlyList<RowKey> keys)
    {
        var rows = keys.Select(key => string.Join(", ", table.Key.Select((column, place) => MySqlTypes.Literal(column, key.Values[place]))));
        return table.Key.Count == 1
            ? table.Key[0].Name + " IN (" + string.Join(", ", rows) + ")"
            : "(" + string.Join(", ", table.Key.Select(column => column.Name)) + ") IN ((" + string.Join("), (", rows) + "))";
    }

    private static string Bound(TableColumn column, long number, string? key) => key is null ? Number(column, number) : MySqlTypes.Literal(column, key);

    /// <summary>Looks at all tables of the session's database without reading a row; null where there is none. Tables that stand for others elsewhere are left alone.</summary>
    internal static async Task<string?> HoldAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        const string Tables = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND engine IN ('InnoDB', 'MyISAM', 'Aria', 'MEMORY', 'ARCHIVE', 'CSV') ORDER BY table_name";
        var looks = await MySqlRows.ListAsync(connection, Tables, row => "SELECT 1 FROM " + MySqlRows.Quote(row.GetString(0)) + "." + MySqlRows.Quote(row.GetString(1)) + " LIMIT 0", cancellation).ConfigureAwait(false);
        return looks.Count == 0 ? null : string.Join("; ", looks);
    }
}
