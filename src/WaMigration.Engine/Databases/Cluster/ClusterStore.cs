using System.Data.Common;
using MySqlConnector;
using Npgsql;
using WaMigration.Databases.MySql;
using WaMigration.Databases.Postgres;

namespace WaMigration.Databases.Cluster;

/// <summary>The database in which a client keeps who is in its cluster.</summary>
internal sealed class ClusterStore(WaDatabaseServer server, string database)
{
    private const string StoreName = "clusterStore";

    internal string Database => database;

    internal string Address => MySqlConnections.Address(server) + "/" + database;

    /// <summary>Null where the client has none.</summary>
    internal static async Task<ClusterStore?> FindAsync(WaDatabaseServer server, Operation operation)
    {
        var found = (await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false)).FirstOrDefault(one => one.Store == StoreName);
        return found is null ? null : new ClusterStore(server, found.Name);
    }

    internal static bool Is(string database) => database.EndsWith(StoreName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sessions of others on it.</summary>
    internal async Task<IReadOnlyList<string>> SessionsAsync(Operation operation) =>
        (await DatabaseQuestions.SessionsAsync(server, [database], operation).ConfigureAwait(false)).Select(session => session.ToString()).ToList();

    /// <summary>Works on its tables in one transaction, which is undone where the work throws.</summary>
    internal Task<T> WorkAsync<T>(Func<ClusterTables, Task<T>> work, Operation operation) => DatabaseQuestions.IsPostgres(server)
        ? PostgresConnections.AskAsync(server, database, (connection, cancellation) => TransactAsync(connection, isPostgres: true, work, cancellation), operation)
        : MySqlConnections.AskAsync(
            server,
            async (connection, cancellation) =>
            {
                await connection.ChangeDatabaseAsync(database, cancellation).ConfigureAwait(false);
                return await TransactAsync(connection, isPostgres: false, work, cancellation).ConfigureAwait(false);
            },
            operation);

    private async Task<T> TransactAsync<T>(DbConnection connection, bool isPostgres, Func<ClusterTables, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
#if NET
            using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
#else
            using var transaction = connection.BeginTransaction();
#endif
            var result = await work(new ClusterTables(connection, transaction, isPostgres, cancellation)).ConfigureAwait(false);
#if NET
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
#else
            transaction.Commit();
#endif
            return result;
        }
        catch (Exception failure) when (failure is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn } or MySqlException { Number: 1146 or 1054 })
        {
            throw ClusterErrors.ClusterTablesNotKnown.Error(Address, failure, [], failure.Message);
        }
    }
}
