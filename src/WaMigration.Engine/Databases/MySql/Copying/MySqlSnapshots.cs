using System.Collections.Concurrent;
using MySqlConnector;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Sessions that all see one moment of the server, for all databases that are read together. None can be made anew: who
/// finds none free waits.
/// </summary>
internal sealed class MySqlSnapshots : IDisposable
{
    private readonly ConcurrentBag<MySqlConnection> idle;
    private readonly IReadOnlyList<MySqlConnection> all;
    private readonly SemaphoreSlim free;
    private int users;

    internal MySqlSnapshots(IReadOnlyList<MySqlConnection> sessions, string cut)
    {
        (all, idle, free, Cut) = (sessions, [.. sessions], new SemaphoreSlim(sessions.Count), cut);
    }

    /// <summary>The moment, in the server's words.</summary>
    internal string Cut { get; }

    /// <summary>Runs work on a session that has this database as its own.</summary>
    internal async Task<T> UseAsync<T>(string database, Func<MySqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!idle.TryTake(out var connection))
            {
                throw new IOException(DatabaseText.Catalog["SnapshotGone"]);
            }

            // One whose work failed does not come back: nobody knows where it stands.
            if (connection.Database != database)
            {
                await connection.ChangeDatabaseAsync(database, cancellation).ConfigureAwait(false);
            }

            var result = await work(connection).ConfigureAwait(false);
            idle.Add(connection);
            return result;
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Before any work: every session looks at the tables of one more database.</summary>
    internal async Task HoldAsync(string statement, CancellationToken cancellation)
    {
        foreach (var connection in all)
        {
            await MySqlRows.RunAsync(connection, statement, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One more reads from it, and disposes of it.</summary>
    internal MySqlSnapshots Share()
    {
        Interlocked.Increment(ref users);
        return this;
    }

    /// <summary>The last who reads from it ends the sessions.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) > 0)
        {
            return;
        }

        foreach (var connection in all)
        {
            MySqlSessions.Close(connection);
        }

        free.Dispose();
    }
}
