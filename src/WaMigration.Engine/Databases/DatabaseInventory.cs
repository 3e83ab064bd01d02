using System.Globalization;
using WaMigration.Databases.MySql;
using WaMigration.Databases.Postgres;

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
            var sessions = await DatabaseQuestions.SessionsAsync(server, [database.Name], operation).ConfigureAwait(false);
            output(await (DatabaseQuestions.IsPostgres(server)
                ? PostgresQuestions.DescribeAsync(server, database, sessions.Count, operation)
                : MySqlQuestions.DescribeAsync(server, database, sessions.Count, operation)).ConfigureAwait(false));
        }
    }
}
