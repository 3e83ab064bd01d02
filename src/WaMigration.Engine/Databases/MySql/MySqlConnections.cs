using System.Globalization;
using System.Net.Sockets;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Databases.MySql;

/// <summary>Opens connections to MySQL and MariaDB, and turns their failures into errors that name the address that was tried.</summary>
internal static class MySqlConnections
{
    private const uint ConnectSeconds = 15;
    private const uint CommandSeconds = 60;

    internal static string Address(WaDatabaseServer server) => string.Format(CultureInfo.InvariantCulture, "{0}:{1}", server.Server, server.Port);

    /// <summary>Runs one question on a connection to the server itself.</summary>
    internal static async Task<T> AskAsync<T>(WaDatabaseServer server, Func<MySqlConnection, CancellationToken, Task<T>> question, Operation operation)
    {
        try
        {
            using var connection = Create(server, ConnectionString(server, null, CommandSeconds));
            await connection.OpenAsync(operation.Cancellation).ConfigureAwait(false);
            return await question(connection, operation.Cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is MySqlException or SocketException or TimeoutException or IOException)
        {
            operation.Cancellation.ThrowIfCancellationRequested();
            var address = Address(server);
            throw IsLogin(failure) ? DatabaseErrors.DatabaseLoginRefused.Error(address, failure, [], server.UserName, failure.Message)
                : IsConnection(failure) ? DatabaseErrors.DatabaseUnreachable.Error(address, failure, [], (failure.InnerException ?? failure).Message)
                : failure is MySqlException full && IsDiskFull(full) ? CopyErrors.DatabaseDiskFull.Error(address, failure, [], failure.Message)
                : DatabaseErrors.DatabaseReadFailed.Error(address, failure, [], failure.Message);
        }
    }

    /// <summary>Even a question about tables may need room for its answer.</summary>
    internal static bool IsDiskFull(MySqlException failure) =>
        failure.Number is 1021 or 1114 or 1041 || failure.Message.Has("errno: 28") || failure.Message.Has("Errcode: 28") || failure.Message.Has("error 28 ");

    internal static bool IsLogin(Exception failure) => failure is MySqlException { Number: 1045 or 1698 or 1251 or 1862 or 3118 or 4151 };

    internal static bool IsConnection(Exception failure) =>
        failure is not MySqlException server || server.ErrorCode == MySqlErrorCode.UnableToConnectToHost || server.InnerException is SocketException or IOException or TimeoutException
        || server.Number is 0 or 1040 or 1053 or 1077 or 1079 or 1130 or 1152 or 1158 or 1159 or 1160 or 1161 or 1184 or 1203 or 1226 or 1927 or 2006 or 2013;

    /// <summary>A session of a copy: never cut by a time limit, since a load waits as long as the other side needs.</summary>
    internal static string CopyConnectionString(WaDatabaseServer server, string database) => ConnectionString(server, database, 0);

    /// <summary>
    /// Chain and name are checked here: the driver's own full check wants a revocation list, too, which the authorities of
    /// database servers seldom have, and refuses without one.
    /// </summary>
    internal static MySqlConnection Create(WaDatabaseServer server, string connectionString)
    {
        var connection = new MySqlConnection(connectionString);
        if (server.SslMode == WaSslMode.VerifyFull)
        {
            connection.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == System.Net.Security.SslPolicyErrors.None;
        }

        return connection;
    }

    /// <summary>No pool: a session that stays open would look like the client's to the next who counts them.</summary>
    private static string ConnectionString(WaDatabaseServer server, string? database, uint commandSeconds) => new MySqlConnectionStringBuilder
    {
        Server = server.Server,
        Port = (uint)server.Port,
        UserID = server.UserName,
        Password = server.Password.Reveal(),
        Database = database ?? string.Empty,
        SslMode = server.SslMode switch
        {
            WaSslMode.Disable => MySqlSslMode.Disabled,
            WaSslMode.Require => MySqlSslMode.Required,
            WaSslMode.VerifyCa => MySqlSslMode.VerifyCA,
            WaSslMode.VerifyFull => MySqlSslMode.Required,
            _ => MySqlSslMode.Preferred,
        },

        // Without encryption a password is only safe under the server's key, which has to be asked for.
        AllowPublicKeyRetrieval = server.SslMode is WaSslMode.Disable or WaSslMode.Prefer,
        ApplicationName = "WaMigration",
        Pooling = false,
        ConnectionTimeout = ConnectSeconds,
        DefaultCommandTimeout = commandSeconds,
        CancellationTimeout = -1,
        Keepalive = 15,
        AllowUserVariables = true,
        AllowLoadLocalInfile = true,
        AllowZeroDateTime = true,
        TreatTinyAsBoolean = false,
        GuidFormat = MySqlGuidFormat.None,
        UseCompression = false,
    }.ConnectionString;
}
