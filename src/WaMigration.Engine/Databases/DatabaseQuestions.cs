using WaMigration.Databases.MySql;
using WaMigration.Databases.Postgres;

namespace WaMigration.Databases;

/// <summary>What is asked of a server about a client's databases, in the words of its engine.</summary>
internal static class DatabaseQuestions
{
    internal static Task<List<string>> DatabaseNamesAsync(WaDatabaseServer server, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.DatabaseNamesAsync(server, operation) : MySqlQuestions.DatabaseNamesAsync(server, operation);

    internal static Task<bool> HasTablesAsync(WaDatabaseServer server, string database, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.HasTablesAsync(server, database, operation) : MySqlQuestions.HasTablesAsync(server, database, operation);

    internal static Task<List<ForeignSession>> SessionsAsync(WaDatabaseServer server, IReadOnlyCollection<string> databases, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.SessionsAsync(server, databases, operation) : MySqlQuestions.SessionsAsync(server, databases, operation);

    /// <summary>Rows of every table whose name has one of the words in it.</summary>
    internal static Task<List<(string Name, long Rows)>> CountTablesAsync(WaDatabaseServer server, string database, IReadOnlyCollection<string> words, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.CountTablesAsync(server, database, words, operation) : MySqlQuestions.CountTablesAsync(server, database, words, operation);

    /// <summary>What tells one server from all others, whatever address it is reached at; null where it may not be asked.</summary>
    internal static Task<string?> IdentityAsync(WaDatabaseServer server, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.IdentityAsync(server, operation) : MySqlQuestions.IdentityAsync(server, operation);

    /// <summary>Drops a database.</summary>
    internal static Task DropAsync(WaDatabaseServer server, string database, Operation operation) =>
        IsPostgres(server) ? PostgresQuestions.DropAsync(server, database, operation) : MySqlQuestions.DropAsync(server, database, operation);

    internal static bool IsPostgres(WaDatabaseServer server)
    {
        DatabaseGate.RequireReadable(server);
        return server.Engine == WaDatabaseEngine.PostgreSql;
    }
}
