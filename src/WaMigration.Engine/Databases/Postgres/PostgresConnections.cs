using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using WaMigration.Security;

namespace WaMigration.Databases.Postgres;

/// <summary>Opens connections to PostgreSQL, and turns their failures into errors that name the address that was tried.</summary>
internal static class PostgresConnections
{
    /// <summary>How sessions of this module call themselves, so that they can be told from the client's.</summary>
    internal const string ApplicationPrefix = "WaMigration/";

    /// <summary>Databases that a login may usually connect to without having one of its own.</summary>
    private static readonly string[] MaintenanceDatabases = ["postgres", "template1"];

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs one question on a connection to the server itself.</summary>
    internal static async Task<T> AskServerAsync<T>(WaDatabaseServer server, Func<NpgsqlConnection, CancellationToken, Task<T>> question, Operation operation)
    {
        foreach (var database in MaintenanceDatabases)
        {
            try
            {
                return await AskAsync(server, database, question, operation).ConfigureAwait(false);
            }
            catch (WaException failure) when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } && database != MaintenanceDatabases[MaintenanceDatabases.Length - 1])
            {
                operation.Console.Verbose(failure.Message);
            }
        }

        throw new InvalidOperationException("The last maintenance database either answered or threw.");
    }

    /// <summary>Runs one question on a connection to one database.</summary>
    internal static async Task<T> AskAsync<T>(WaDatabaseServer server, string database, Func<NpgsqlConnection, CancellationToken, Task<T>> question, Operation operation)
    {
        var address = string.Format(CultureInfo.InvariantCulture, "{0}:{1}", server.Server, server.Port);
        try
        {
            using var connection = Create(ConnectionString(server, database));
            await connection.OpenAsync(operation.Cancellation).ConfigureAwait(false);
            return await question(connection, operation.Cancellation).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (IsLogin(failure.SqlState))
        {
            throw DatabaseErrors.DatabaseLoginRefused.Error(address, failure, [], server.UserName, failure.MessageText);
        }
        catch (PostgresException failure) when (IsGoing(failure.SqlState))
        {
            throw DatabaseErrors.DatabaseUnreachable.Error(address, failure, [], failure.MessageText);
        }
        catch (PostgresException failure)
        {
            throw DatabaseErrors.DatabaseReadFailed.Error(address, failure, [], failure.MessageText);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            operation.Cancellation.ThrowIfCancellationRequested();
            throw DatabaseErrors.DatabaseUnreachable.Error(address, failure, [], (failure.InnerException ?? failure).Message);
        }
    }

    /// <summary>The server says with its last words that it goes down, or with its first that it is not up yet.</summary>
    internal static bool IsGoing(string state) =>
        state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ConnectionFailure;

    internal static bool IsLogin(string state) =>
        state is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>
    /// A session of a copy: never cut by a time limit, since a COPY waits as long as the other side needs; large buffers;
    /// a name by which a later run knows it.
    /// </summary>
    internal static string CopyConnectionString(WaDatabaseServer server, string database, string application) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(server, database))
        {
            ApplicationName = application,
            CommandTimeout = 0,
            CancellationTimeout = 1000,
            KeepAlive = 15,
            TcpKeepAlive = true,
            ReadBufferSize = 64 * 1024,
            WriteBufferSize = 64 * 1024,
        }.ConnectionString;

    /// <summary>Only types that every server has are read: to ask for all others costs each session more than its login.</summary>
    internal static NpgsqlConnection Create(string connectionString)
    {
#if NETFRAMEWORK
        return new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading }.ConnectionString);
#else
        var source = new NpgsqlDataSourceBuilder(connectionString);
        source.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return source.Build().CreateConnection();
#endif
    }

    /// <summary>No pool: a session that stays open would look like the client's to the next who counts them.</summary>
    private static string ConnectionString(WaDatabaseServer server, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = server.Server,
        Port = server.Port,
        Username = server.UserName,
        Password = server.Password.Reveal(),
        Database = database,
        SslMode = server.SslMode switch
        {
            WaSslMode.Disable => SslMode.Disable,
            WaSslMode.Require => SslMode.Require,
            WaSslMode.VerifyCa => SslMode.VerifyCA,
            WaSslMode.VerifyFull => SslMode.VerifyFull,
            _ => SslMode.Prefer,
        },
        ApplicationName = ApplicationPrefix + Guid.NewGuid().ToString("N").Substring(0, 8),
        Pooling = false,
        Timeout = (int)ConnectTimeout.TotalSeconds,
        CommandTimeout = (int)CommandTimeout.TotalSeconds,
    }.ConnectionString;
}
