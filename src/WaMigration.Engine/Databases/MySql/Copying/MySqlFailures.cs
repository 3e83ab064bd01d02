using System.Net.Sockets;
using MySqlConnector;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>Turns what MySQL, MariaDB and their connections throw into errors that say on which side and at which table.</summary>
internal sealed class MySqlFailures(string address, string database, string user, bool isSource)
{
    internal Exception Explain(Exception failure, string? subject, CancellationToken cancellation)
    {
        if (failure is WaException)
        {
            return failure;
        }

        if (cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(failure.Message, failure, cancellation);
        }

        var target = address + "/" + database + (subject is null ? string.Empty : " " + subject);
        return failure switch
        {
            // A load that is cut by its reader throws what the reader threw.
            MySqlException { InnerException: WaException inner } => inner,
            MySqlException server when !MySqlConnections.IsConnection(server) || MySqlConnections.IsLogin(server) => Explain(server, target),
            MySqlException or SocketException or IOException or TimeoutException or ObjectDisposedException =>
                CopyErrors.DatabaseConnectionLost.Error(target, failure, [], (failure is TimeoutException ? failure : failure.InnerException ?? failure).Message),
            _ => failure,
        };
    }

    private WaException Explain(MySqlException failure, string target)
    {
        if (MySqlConnections.IsLogin(failure))
        {
            return DatabaseErrors.DatabaseLoginRefused.Error(address, failure, [], user, failure.Message);
        }

        return failure.Number switch
        {
            1049 => CopyErrors.DatabaseNotFound.Error(target, failure, [], failure.Message),
            1419 => CopyErrors.TargetRefusesPrograms.Error(target, failure, [], failure.Message),
            1044 or 1142 or 1143 or 1227 or 1370 or 1410 => CopyErrors.DatabasePrivilegeMissing.Error(target, failure, [], user, failure.Message),
            _ when MySqlConnections.IsDiskFull(failure) => CopyErrors.DatabaseDiskFull.Error(target, failure, [], failure.Message),
            1205 or 1206 or 3572 => CopyErrors.DatabaseLockNotHad.Error(target, failure, [], failure.Message),
            1153 => CopyErrors.TargetPacketTooSmall.Error(target, failure, [], failure.Message, "max_allowed_packet"),
            3750 => CopyErrors.TargetRequiresPrimaryKeys.Error(target, failure, [], failure.Message),
            1146 or 1054 or 1051 or 1412 or 1615 when isSource => CopyErrors.SourceChangedWhileCopying.Error(target, failure, [], failure.Message),
            _ => CopyErrors.DatabaseStatementFailed.Error(target, failure, [], failure.Message),
        };
    }
}
