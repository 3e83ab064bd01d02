using System.Collections.Concurrent;
using System.Net.Sockets;
using MySqlConnector;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>Sessions of a copy on one database, all set alike. Those of a source each read from one snapshot.</summary>
internal sealed class MySqlSessions : IDisposable
{
    /// <summary>
    /// How long work is waited for that was told to stop: a server that is there takes a moment, one that hangs is not heard
    /// of for 3 s. A target's work waits for that of the source, which has to give up first.
    /// </summary>
    private readonly TimeSpan farewell;

    private readonly WaDatabaseServer server;
    private readonly bool isSource;
    private readonly ConcurrentBag<MySqlConnection> idle = [];
    private readonly ConcurrentDictionary<MySqlConnection, bool> all = new();
    private MySqlSnapshots? snapshots;
    private string? hold;

    private MySqlSessions(WaDatabaseServer server, string database, bool isSource)
    {
        this.server = server;
        this.isSource = isSource;
        farewell = TimeSpan.FromSeconds(isSource ? 5 : 15);
        Database = database;
        Failures = new MySqlFailures(MySqlConnections.Address(server), database, server.UserName, isSource);
    }

    internal string Database { get; }

    internal MySqlFailures Failures { get; }

    /// <summary>The first session: of a target it holds the lock.</summary>
    internal MySqlConnection Holder { get; private set; } = null!;

    /// <summary>With snapshots all work runs on those; else each session sees a moment of its own.</summary>
    internal static async Task<MySqlSessions> OpenAsync(WaDatabaseServer server, string database, bool isSource, MySqlSnapshots? snapshots, CancellationToken cancellation)
    {
        var sessions = new MySqlSessions(server, database, isSource) { snapshots = snapshots?.Share() };
        try
        {
            sessions.Holder = await sessions.ConnectAsync(cancellation).ConfigureAwait(false);
            return sessions;
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, cancellation);
        }
    }

    /// <summary>
    /// Keeps the tables of a source as they are while they are read: a transaction that has looked at a table lets nobody drop,
    /// alter or empty it, while rows may still be written. Every session looks, later ones when they begin, so that none waits
    /// behind somebody who is made to wait.
    /// </summary>
    internal async Task HoldTablesAsync(CancellationToken cancellation)
    {
        hold = await MySqlStatements.HoldAsync(Holder, cancellation).ConfigureAwait(false);
        if (hold is null)
        {
            return;
        }

        await MySqlRows.RunAsync(Holder, hold, cancellation).ConfigureAwait(false);
        if (snapshots is not null)
        {
            await snapshots.HoldAsync(hold, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Runs work on a session of its own; one that failed is thrown away.</summary>
    internal async Task<T> UseAsync<T>(Func<MySqlConnection, Task<T>> work, string? subject, CancellationToken cancellation)
    {
        try
        {
            if (snapshots is not null)
            {
                return await Patience.ForAsync(snapshots.UseAsync(Database, work, cancellation), farewell, cancellation).ConfigureAwait(false);
            }

            if (!idle.TryTake(out var connection))
            {
                connection = await ConnectAsync(cancellation).ConfigureAwait(false);
            }

            var result = await InTimeAsync(connection, work(connection), cancellation).ConfigureAwait(false);
            idle.Add(connection);
            return result;
        }
        catch (Exception failure)
        {
            throw Failures.Explain(failure, subject, cancellation);
        }
    }

    internal Task UseAsync(Func<MySqlConnection, Task> work, string? subject, CancellationToken cancellation) => UseAsync(
        async connection =>
        {
            await work(connection).ConfigureAwait(false);
            return true;
        },
        subject,
        cancellation);

    public void Dispose()
    {
        foreach (var connection in all.Keys.Where(Take))
        {
            Close(connection);
        }

        Interlocked.Exchange(ref snapshots, null)?.Dispose();
    }

    private Task<MySqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = MySqlConnections.Create(server, MySqlConnections.CopyConnectionString(server, Database));
        all.TryAdd(connection, true);
        return InTimeAsync(connection, OpenAsync(connection, cancellation), cancellation);
    }

    private async Task<MySqlConnection> OpenAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await MySqlSettings.ApplyAsync(connection, cancellation).ConfigureAwait(false);
        if (isSource)
        {
            await MySqlRows.RunAsync(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", cancellation).ConfigureAwait(false);
            if (hold is not null)
            {
                await MySqlRows.RunAsync(connection, hold, cancellation).ConfigureAwait(false);
            }
        }

        return connection;
    }

    /// <summary>A session whose work failed is closed; one whose work is left behind on a server that hangs, when that has ended.</summary>
    private async Task<T> InTimeAsync<T>(MySqlConnection connection, Task<T> running, CancellationToken cancellation)
    {
        try
        {
            return await Patience.ForAsync(running, farewell, cancellation).ConfigureAwait(false);
        }
        catch
        {
            if (!Take(connection))
            {
                // All were closed meanwhile, this one with them.
            }
            else if (running.IsCompleted)
            {
                await Patience.ForAsync(() => Close(connection), farewell, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                _ = running.ContinueWith(_ => Close(connection), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }

            throw;
        }
    }

    /// <summary>Who takes it closes it: the driver is not made for two who do that at once.</summary>
    private bool Take(MySqlConnection connection) => all.TryRemove(connection, out _);

    /// <summary>Of a session that is no good any more: what counts is why, not how it ends.</summary>
    internal static void Close(MySqlConnection connection)
    {
        try
        {
            connection.Dispose();
        }
        catch (Exception failure) when (failure is MySqlException or IOException or SocketException or InvalidOperationException or NotSupportedException or NullReferenceException)
        {
            _ = failure;
        }
    }
}
