using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.MySql.Schema;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql;

/// <summary>What is asked of a MySQL or MariaDB server about a client's databases.</summary>
internal static class MySqlQuestions
{
    internal static Task<List<string>> DatabaseNamesAsync(WaDatabaseServer server, Operation operation) => MySqlConnections.AskAsync(
        server,
        (connection, cancellation) => ListAsync(connection, "SELECT schema_name FROM information_schema.schemata ORDER BY 1", row => row.GetString(0), cancellation),
        operation);

    internal static Task<bool> HasTablesAsync(WaDatabaseServer server, string database, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) => await NumberAsync(connection, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = " + Literal(database) + " AND table_type <> 'VIEW'", cancellation).ConfigureAwait(false) > 0,
        operation);

    /// <summary>
    /// Sessions of others: neither this one, nor one that is in a statement of this module. An account without PROCESS
    /// sees its own alone.
    /// </summary>
    internal static Task<List<ForeignSession>> SessionsAsync(WaDatabaseServer server, IReadOnlyCollection<string> databases, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) => (await MySqlProcess.OthersAsync(connection, cancellation).ConfigureAwait(false))
            .Where(process => process is { Database: not null, IsOurs: false } && process.Command != "Daemon" && databases.Contains(process.Database, StringComparer.OrdinalIgnoreCase))
            .OrderBy(process => process.Database, StringComparer.Ordinal)
            .Select(process => new ForeignSession(process.Database!, process.Id, process.User, process.Command, process.From))
            .ToList(),
        operation);

    /// <summary>Rows of every table whose name has one of the words in it.</summary>
    internal static Task<List<(string Name, long Rows)>> CountTablesAsync(WaDatabaseServer server, string database, IReadOnlyCollection<string> words, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) =>
        {
            var tables = await ListAsync(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = " + Literal(database) + " AND table_type LIKE '%TABLE%' ORDER BY 1", row => row.GetString(0), cancellation).ConfigureAwait(false);
            var counted = new List<(string Name, long Rows)>();
            foreach (var table in tables.Where(table => words.Any(word => table.Has(word))))
            {
                counted.Add((table, await NumberAsync(connection, "SELECT COUNT(*) FROM " + Quote(database) + "." + Quote(table), cancellation).ConfigureAwait(false)));
            }

            return counted;
        },
        operation);

    internal static Task<string?> IdentityAsync(WaDatabaseServer server, Operation operation) => MySqlConnections.AskAsync<string?>(
        server,
        async (connection, cancellation) => await IdentityAsync(connection, cancellation).ConfigureAwait(false),
        operation);

    /// <summary>
    /// What tells one server from all others, whatever address it is reached at. The server's own id alone is that of every
    /// copy of its data folder, too, so the place that it runs at belongs to it.
    /// </summary>
    internal static async Task<string> IdentityAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var own = await ListAsync(connection, "SHOW GLOBAL VARIABLES WHERE variable_name IN ('server_uid', 'server_uuid')", row => row.GetString(1), cancellation).ConfigureAwait(false);
        var place = await TextAsync(connection, "SELECT CONCAT_WS('|', @@hostname, @@port, @@datadir, @@socket)", cancellation).ConfigureAwait(false);
        return Sha256Of(string.Join("|", own) + "|" + place);
    }

    internal static Task<WaDatabase> DescribeAsync(WaDatabaseServer server, ClientDatabase database, int sessions, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) => (await ListAsync(
            connection,
            "SELECT COUNT(t.table_name), CAST(COALESCE(SUM(t.data_length + t.index_length), 0) AS SIGNED), MAX(s.default_character_set_name), MAX(s.default_collation_name), "
            + "(SELECT COUNT(*) FROM information_schema.tables l WHERE l.table_schema = " + Literal(database.Name) + " AND l.table_name = " + Literal(MySqlNames.Run) + ") "
            + "FROM information_schema.schemata s LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND t.table_name NOT LIKE " + Literal(MySqlNames.LedgerPattern)
            + " WHERE s.schema_name = " + Literal(database.Name),
            row => new WaDatabase
            {
                Name = database.Name,
                Store = database.Store ?? "Unclassified",
                Tables = Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture),
                Bytes = Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture),
                Sessions = sessions,
                Encoding = row.GetString(2),
                Collation = row.GetString(3),
                IsUnfinished = Convert.ToInt64(row.GetValue(4), CultureInfo.InvariantCulture) > 0,
                Server = MySqlConnections.Address(server),
            },
            cancellation).ConfigureAwait(false))[0],
        operation);

    internal static Task DropAsync(WaDatabaseServer server, string database, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) =>
        {
            await RunAsync(connection, ["SET SESSION lock_wait_timeout = 20", "DROP DATABASE " + Quote(database)], cancellation).ConfigureAwait(false);
            return true;
        },
        operation);

    private static string Sha256Of(string text) => Security.Sha256.Hex(System.Text.Encoding.UTF8.GetBytes(text));
}
