using System.Globalization;
using WaMigration.Databases.Postgres;
using WaMigration.Databases.Postgres.Schema;

namespace WaMigration.Databases;

/// <summary>Lists the databases of a client with what can be seen of each.</summary>
internal static class DatabaseInventory
{
    internal static async Task ListAsync(WaDatabaseServer server, IReadOnlyCollection<string> names, Action<WaDatabase> output, Operation operation)
    {
        var listed = await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false);
        var address = server.Server + ":" + server.Port.ToString(CultureInfo.InvariantCulture);
        foreach (var missing in names.Where(name => listed.All(database => database.Name != name)))
        {
            throw Copying.CopyErrors.DatabaseNotFound.Error(address + "/" + missing, missing);
        }

        foreach (var database in listed.Where(database => names.Count == 0 || names.Contains(database.Name)))
        {
            var sessions = await PostgresQuestions.SessionsAsync(server, [database.Name], operation).ConfigureAwait(false);
            output(await PostgresConnections.AskAsync(
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
                        Sessions = sessions.Count,
                        Encoding = row.GetString(2),
                        Collation = row.GetString(3),
                        IsUnfinished = row.GetBoolean(4),
                        Server = address,
                    },
                    cancellation).ConfigureAwait(false))[0],
                operation).ConfigureAwait(false));
        }
    }
}
