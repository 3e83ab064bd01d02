using System.Net.Sockets;
using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>Turns what PostgreSQL and its connections throw into errors that say on which side and at which table.</summary>
internal sealed class PostgresFailures(string address, string database, string user, bool isSource)
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
            PostgresException server => Explain(server, target),
            TimeoutException => CopyErrors.DatabaseConnectionLost.Error(target, failure, [], failure.Message),
            NpgsqlException or SocketException or IOException or ObjectDisposedException =>
                CopyErrors.DatabaseConnectionLost.Error(target, failure, [], (failure is TimeoutException ? failure : failure.InnerException ?? failure).Message),
            _ => failure,
        };
    }

    private WaException Explain(PostgresException failure, string target)
    {
        string[] evidence = [.. new[] { failure.Hint, failure.Where, failure.TableName }.Where(line => !string.IsNullOrEmpty(line)).Select(line => line!)];
        return failure.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                DatabaseErrors.DatabaseLoginRefused.Error(address, failure, [], user, failure.MessageText),
            PostgresErrorCodes.InvalidCatalogName => CopyErrors.DatabaseNotFound.Error(target, failure, [], failure.MessageText),
            PostgresErrorCodes.InsufficientPrivilege => CopyErrors.DatabasePrivilegeMissing.Error(target, failure, evidence, user, failure.MessageText),
            PostgresErrorCodes.LockNotAvailable => CopyErrors.DatabaseLockNotHad.Error(target, failure, evidence, failure.MessageText),
            PostgresErrorCodes.DiskFull => CopyErrors.DatabaseDiskFull.Error(target, failure, evidence, failure.MessageText),
            var state when PostgresConnections.IsGoing(state) =>
                CopyErrors.DatabaseConnectionLost.Error(target, failure, evidence, failure.MessageText),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedObject when isSource =>
                CopyErrors.SourceChangedWhileCopying.Error(target, failure, evidence, failure.MessageText),
            _ => CopyErrors.DatabaseStatementFailed.Error(target, failure, evidence, failure.MessageText),
        };
    }
}
