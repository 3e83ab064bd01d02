using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>Columns and keys of all tables of a database.</summary>
internal static class MySqlColumnReader
{
    /// <summary>Columns by table, in order, invisible ones included.</summary>
    internal static async Task<ILookup<string, TableColumn>> ReadAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var rows = await ListAsync(
            connection,
            "SELECT table_name, column_name, column_type, character_set_name, collation_name, extra, COALESCE(generation_expression, '') FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position",
            row => (
                Table: row.GetString(0),
                Column: new TableColumn(
                    Quote(row.GetString(1)),
                    MySqlTypes.Describe(row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
                    !IsComputed(row.GetString(5)) || row.GetString(6) is "ROW START" or "ROW END",
                    true,
                    Quote(row.GetString(1)))),
            cancellation).ConfigureAwait(false);
        return rows.ToLookup(row => row.Table, row => row.Column, StringComparer.Ordinal);
    }

    private static bool IsComputed(string extra) => extra.Has("VIRTUAL GENERATED") || extra.Has("STORED GENERATED") || extra.Has("PERSISTENT");

    /// <summary>The key that tells rows apart: the primary one, else a unique one without NULL and without cut columns.</summary>
    internal static async Task<Dictionary<string, (string Name, IReadOnlyList<string> Columns)>> KeysAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var rows = await ListAsync(
            connection,
            "SELECT s.table_name, s.index_name, s.column_name, s.sub_part, s.nullable, COALESCE(c.extra, '') FROM information_schema.statistics s "
            + "LEFT JOIN information_schema.columns c ON c.table_schema = s.table_schema AND c.table_name = s.table_name AND c.column_name = s.column_name "
            + "WHERE s.table_schema = DATABASE() AND s.non_unique = 0 ORDER BY s.table_name, s.index_name = 'PRIMARY' DESC, s.index_name, s.seq_in_index",
            row => (Table: row.GetString(0), Index: row.GetString(1), Column: row.IsDBNull(2) ? null : row.GetString(2), Usable: !row.IsDBNull(2) && row.IsDBNull(3) && (row.IsDBNull(4) || row.GetString(4) != "YES") && !row.GetString(5).Has("GENERATED")),
            cancellation).ConfigureAwait(false);
        var keys = new Dictionary<string, (string Name, IReadOnlyList<string> Columns)>(StringComparer.Ordinal);
        foreach (var index in rows.GroupBy(row => (row.Table, row.Index)))
        {
            if (!keys.ContainsKey(index.Key.Table) && index.All(row => row.Usable))
            {
                keys.Add(index.Key.Table, (index.Key.Index, [.. index.Select(row => Quote(row.Column!))]));
            }
        }

        return keys;
    }
}
