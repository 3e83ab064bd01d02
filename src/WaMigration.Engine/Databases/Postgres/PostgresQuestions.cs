using System.Globalization;
using Npgsql;
using WaMigration.Databases.Postgres.Schema;

namespace WaMigration.Databases.Postgres;

/// <summary>What is asked of a PostgreSQL server about a client's databases.</summary>
internal static class PostgresQuestions
{
    /// <summary>Tables of people, without those of the server itself.</summary>
    private const string UserTables =
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        + "WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'";

    internal static Task<List<string>> DatabaseNamesAsync(WaDatabaseServer server, Operation operation) =>
        PostgresConnections.AskServerAsync(server, (connection, cancellation) => ListAsync(
            connection,
            "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname",
            row => row.GetString(0),
            cancellation), operation);

    internal static Task<bool> HasTablesAsync(WaDatabaseServer server, string database, Operation operation) =>
        PostgresConnections.AskAsync(server, database, async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand("SELECT EXISTS (SELECT 1 " + UserTables + ")", connection);
            return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        }, operation);

    internal static Task<List<ForeignSession>> SessionsAsync(WaDatabaseServer server, IReadOnlyCollection<string> databases, Operation operation) =>
        PostgresConnections.AskServerAsync(server, async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand(
                "SELECT datname, pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(host(client_addr), 'local') "
                + "FROM pg_stat_activity WHERE datname = ANY(@databases) AND pid <> pg_backend_pid() AND backend_type NOT IN ('autovacuum worker', 'parallel worker') "
                + "AND coalesce(application_name, '') NOT LIKE @ours ORDER BY datname, pid",
                connection);
            command.Parameters.AddWithValue("databases", databases.ToArray());
            command.Parameters.AddWithValue("ours", PostgresConnections.ApplicationPrefix + "%");
            using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var sessions = new List<ForeignSession>();
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                sessions.Add(new ForeignSession(
                    reader.GetString(0),
                    reader.GetInt32(1).ToString(CultureInfo.InvariantCulture),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4)));
            }

            return sessions;
        }, operation);

    /// <summary>Rows of every table whose name has one of the words in it.</summary>
    internal static Task<List<(string Name, long Rows)>> CountTablesAsync(WaDatabaseServer server, string database, IReadOnlyCollection<string> words, Operation operation) =>
        PostgresConnections.AskAsync(server, database, async (connection, cancellation) =>
        {
            var tables = await ListAsync(
                connection,
                "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relname " + UserTables + " ORDER BY 1",
                row => (Quoted: row.GetString(0), Name: row.GetString(1)),
                cancellation).ConfigureAwait(false);
            var counted = new List<(string Name, long Rows)>();
            foreach (var table in tables.Where(table => words.Any(word => table.Name.Has(word))))
            {
#pragma warning disable CA2100 // The name comes quoted from the server itself.
                using var command = new NpgsqlCommand("SELECT count(*) FROM " + table.Quoted, connection);
#pragma warning restore CA2100
                counted.Add((table.Name, (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!));
            }

            return counted;
        }, operation);

    /// <summary>What tells one server from all others, whatever address it is reached at; null where it may not be asked.</summary>
    internal static Task<string?> IdentityAsync(WaDatabaseServer server, Operation operation) =>
        PostgresConnections.AskServerAsync(server, async (connection, cancellation) =>
        {
            using var command = new NpgsqlCommand("SELECT has_function_privilege('pg_control_system()', 'execute')", connection);
            if (!(bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!)
            {
                return null;
            }

            command.CommandText = "SELECT system_identifier::text FROM pg_control_system()";
            return (string?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        }, operation);

    internal static Task<WaDatabase> DescribeAsync(WaDatabaseServer server, ClientDatabase database, int sessions, Operation operation) => PostgresConnections.AskAsync(
        server,
        database.Name,
        async (connection, cancellation) => (await PostgresRows.ListAsync(
            connection,
            "SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND " + SchemaQuery.UserSchema + ")::int, pg_database_size(d.oid), pg_encoding_to_char(d.encoding), d.datcollate::text, "
            + "to_regclass('" + SchemaQuery.LedgerSchema + ".run') IS NOT NULL FROM pg_database d WHERE d.datname = current_database()",
            row => new WaDatabase
            {
                Name = database.Name,
                Store = database.Store ?? "Unclassified",
                Tables = row.GetInt32(0),
                Bytes = row.GetInt64(1),
                Sessions = sessions,
                Encoding = row.GetString(2),
                Collation = row.GetString(3),
                IsUnfinished = row.GetBoolean(4),
                Server = server.Server + ":" + server.Port.ToString(CultureInfo.InvariantCulture),
            },
            cancellation).ConfigureAwait(false))[0],
        operation);

    internal static Task DropAsync(WaDatabaseServer server, string database, Operation operation) => PostgresConnections.AskServerAsync(
        server,
        async (connection, cancellation) =>
        {
            await PostgresRows.RunAsync(connection, "DROP DATABASE " + PostgresRows.Quote(database), cancellation).ConfigureAwait(false);
            return true;
        },
        operation);

    private static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string question, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // All callers give constants.
        using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
