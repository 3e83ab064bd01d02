using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Brings sessions to one moment of the server. MariaDB with a binary log tells the moment of a snapshot: snapshots are
/// taken until all are of one, and nobody waits. Else a lock keeps everybody from committing while they are taken: of all
/// tables where the account may, else of the tables that are read. A lock that is not had within seconds is given up, and
/// a second session ends the one that waits for it, since all others queue up behind it. Locks of tables may cross those of
/// a transaction, which the server then undoes and its client has to repeat: so they come last.
/// </summary>
internal sealed class MySqlMoment(WaDatabaseServer server, WaDatabaseEngine engine, IReadOnlyList<string> databases, Operation operation)
{
    private const string Snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    /// <summary>A query that has run for so many seconds is a long one.</summary>
    private const int Long = 2;
    private const int Tries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>How long others may be kept waiting at the most.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(3);

    private readonly List<MySqlConnection> sessions = [];

    private CancellationToken Cancellation => operation.Cancellation;

    /// <summary>So many sessions of one moment; null where the server has no such moment for this account.</summary>
    internal async Task<MySqlSnapshots?> TakeAsync(int count)
    {
        try
        {
            while (sessions.Count < count)
            {
                sessions.Add(await ConnectAsync().ConfigureAwait(false));
            }

            if (await AlignAsync().ConfigureAwait(false) is { } cut || (cut = await LockedAsync().ConfigureAwait(false)) is not null)
            {
                return new MySqlSnapshots([.. sessions], cut);
            }
        }
        catch (Exception failure)
        {
            sessions.ForEach(session => session.Dispose());
            throw new MySqlFailures(MySqlConnections.Address(server), databases[0], server.UserName, isSource: true).Explain(failure, null, Cancellation);
        }

        sessions.ForEach(session => session.Dispose());
        return null;
    }

    /// <summary>MariaDB alone says which place of its binary log a snapshot is of.</summary>
    private async Task<string?> AlignAsync()
    {
        var start = operation.Time.GetTimestamp();
        while (engine == WaDatabaseEngine.MariaDb && operation.Time.GetElapsedTime(start) < Limit)
        {
            await SnapshotsAsync().ConfigureAwait(false);
            string? first = null;
            var isOne = true;

            // The server answers out of two variables that all sessions share (sql/log.cc), so one is told the moment of another
            // that asks just then: they ask one after the other, and again in case that somebody else has asked.
            foreach (var session in sessions.Concat(sessions))
            {
                var place = await SnapshotPlaceAsync(session).ConfigureAwait(false);

                // Without a binary log there is no file.
                if (place.Length < 3 || place[0] == ':')
                {
                    return null;
                }

                first ??= place;
                if (place != first)
                {
                    isOne = false;
                    break;
                }
            }

            if (isOne)
            {
                return first;
            }
        }

        return null;
    }

    private async Task<string> SnapshotPlaceAsync(MySqlConnection session) => string.Join(":", await ListAsync(
        session,
        "SHOW STATUS WHERE Variable_name IN ('binlog_snapshot_file', 'binlog_snapshot_position')",
        row => row.GetString(1),
        Cancellation).ConfigureAwait(false));

    private Task SnapshotsAsync() => Task.WhenAll(sessions.Select(async session =>
    {
        await RunAsync(session, "COMMIT", Cancellation).ConfigureAwait(false);
        await RunAsync(session, Snapshot, Cancellation).ConfigureAwait(false);
    }));

    private async Task<string?> LockedAsync()
    {
        using var watchdog = await ConnectAsync().ConfigureAwait(false);
        if (await WithLockAsync(watchdog, "FLUSH TABLES WITH READ LOCK", waitsForQueries: true).ConfigureAwait(false) is { } cut)
        {
            return cut;
        }

        var tables = await TablesAsync(watchdog).ConfigureAwait(false);
        return tables.Count == 0 ? null : await WithLockAsync(watchdog, "LOCK TABLES " + string.Join(", ", tables.Select(table => table + " READ")), waitsForQueries: false).ConfigureAwait(false);
    }

    private async Task<string?> WithLockAsync(MySqlConnection watchdog, string statement, bool waitsForQueries)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            // Behind a long query it would hold up everybody else: it is not even tried.
            if (waitsForQueries && (await MySqlProcess.OthersAsync(watchdog, Cancellation).ConfigureAwait(false)).Any(process => process.Command is "Query" or "Execute" && process.Seconds >= Long))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), Cancellation).ConfigureAwait(false);
                continue;
            }

            try
            {
                if (await LockAsync(watchdog, statement).ConfigureAwait(false) is { } cut)
                {
                    return cut;
                }
            }
            catch (MySqlException refused) when (refused.Number is 1044 or 1142 or 1227 or 1370)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), Cancellation).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Takes the lock, the snapshots under it, and gives it back at once. Null where it was not had in time.</summary>
    private async Task<string?> LockAsync(MySqlConnection watchdog, string statement)
    {
        using var locker = await ConnectAsync().ConfigureAwait(false);
        await RunAsync(locker, "SET SESSION lock_wait_timeout = 2", Cancellation).ConfigureAwait(false);
        using var had = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var guard = GuardAsync(locker, watchdog, had.Token);
        string? cut = null;
        try
        {
            // Whoever changes tables now is waited for before anybody else is held up.
            if (engine == WaDatabaseEngine.MySql)
            {
                await TryAsync(locker, "LOCK INSTANCE FOR BACKUP").ConfigureAwait(false);
            }

            await RunAsync(locker, statement, Cancellation).ConfigureAwait(false);
            await SnapshotsAsync().ConfigureAwait(false);
            cut = await PlaceAsync(locker).ConfigureAwait(false);
            await RunAsync(locker, "UNLOCK TABLES", Cancellation).ConfigureAwait(false);
        }
        catch (MySqlException late) when (late.Number is 1205 or 3024 || MySqlConnections.IsConnection(late))
        {
            // Not had in time, or taken away by the watchdog.
            cut = null;
        }
        finally
        {
            had.Stop();
        }

        return await guard.ConfigureAwait(false) ? null : cut;
    }

    /// <summary>Ends the session that has the lock, or waits for it: so it is gone whatever else hangs.</summary>
    private static async Task<bool> GuardAsync(MySqlConnection locker, MySqlConnection watchdog, CancellationToken had)
    {
        try
        {
            await Task.Delay(LockLimit, had).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await RunAsync(watchdog, "KILL " + locker.ServerThread.ToString(CultureInfo.InvariantCulture), CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    /// <summary>For what not every account may: without it the rest takes longer, or is not had.</summary>
    private async Task TryAsync(MySqlConnection connection, string statement)
    {
        try
        {
            await RunAsync(connection, statement, Cancellation).ConfigureAwait(false);
        }
        catch (MySqlException refused) when (refused.Number is 1044 or 1205 or 1227)
        {
            operation.Console.Verbose(statement + ": " + refused.Message);
        }
    }

    /// <summary>The place in the binary log where this account may read it, else the server's time.</summary>
    private async Task<string> PlaceAsync(MySqlConnection locker)
    {
        foreach (var question in new[] { "SHOW BINARY LOG STATUS", "SHOW MASTER STATUS" })
        {
            try
            {
                if ((await ListAsync(locker, question, row => row.GetString(0) + ":" + Convert.ToString(row.GetValue(1), CultureInfo.InvariantCulture), Cancellation).ConfigureAwait(false)).FirstOrDefault() is { } place)
                {
                    return place;
                }
            }
            catch (MySqlException refused) when (!MySqlConnections.IsConnection(refused))
            {
                // Another version's word for it, or not this account's to see.
                continue;
            }
        }

        return (await TextAsync(locker, "SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)", Cancellation).ConfigureAwait(false))! + " UTC";
    }

    private Task<List<string>> TablesAsync(MySqlConnection connection) => ListAsync(
        connection,
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN (" + string.Join(", ", databases.Select(Literal)) + ")",
        row => Quote(row.GetString(0)) + "." + Quote(row.GetString(1)),
        Cancellation);

    private async Task<MySqlConnection> ConnectAsync()
    {
        var connection = MySqlConnections.Create(server, MySqlConnections.CopyConnectionString(server, databases[0]));
        try
        {
            await connection.OpenAsync(Cancellation).ConfigureAwait(false);
            await MySqlSettings.ApplyAsync(connection, Cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
