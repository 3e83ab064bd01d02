using System.Collections.Concurrent;
using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// Sessions of a copy on one database. All are set alike, so that a value reads the same on every server. Those of a
/// source see one snapshot, which the first of them holds.
/// </summary>
internal sealed class PostgresSessions : IDisposable
{
    /// <summary>What changes how values, names or errors come out, or cuts a session.</summary>
    private static readonly string[] Settings =
    [
        "search_path = ''", "row_security = off", "client_min_messages = warning", "DateStyle = 'ISO, YMD'", "IntervalStyle = postgres", "TimeZone = 'UTC'",
        "extra_float_digits = 3", "bytea_output = hex", "lc_monetary = 'C'", "lc_numeric = 'C'", "xmloption = content", "check_function_bodies = off",
        "statement_timeout = 0", "lock_timeout = 0", "idle_in_transaction_session_timeout = 0", "synchronize_seqscans = off", "jit = off",
        "quote_all_identifiers = off", "standard_conforming_strings = on", "default_transaction_read_only = off", "transform_null_equals = off", "enable_seqscan = on",
    ];

    private const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private readonly WaDatabaseServer server;
    private readonly string application;
    private readonly bool isSource;
    private readonly ConcurrentBag<NpgsqlConnection> idle = [];
    private readonly ConcurrentDictionary<NpgsqlConnection, bool> all = new();

    private PostgresSessions(WaDatabaseServer server, string database, string application, bool isSource, TimeProvider time)
    {
        Time = time;
        this.server = server;
        this.application = application;
        this.isSource = isSource;
        Database = database;
        Address = server.Server + ":" + server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Failures = new PostgresFailures(Address, database, server.UserName, isSource);
    }

    internal string Address { get; }

    internal string Database { get; }

    internal PostgresFailures Failures { get; }

    /// <summary>The clock of the command.</summary>
    internal TimeProvider Time { get; }

    /// <summary>The first session: of a source it holds the snapshot, of a target the lock.</summary>
    internal NpgsqlConnection Holder { get; private set; } = null!;

    /// <summary>What the others of a source see, too; null on a target.</summary>
    internal string? Snapshot { get; private set; }

    internal static async Task<PostgresSessions> OpenAsync(WaDatabaseServer server, string database, string application, bool isSource, Operation operation)
    {
        var cancellation = operation.Cancellation;
        var sessions = new PostgresSessions(server, database, application, isSource, operation.Time);
        try
        {
            sessions.Holder = await sessions.ConnectAsync(cancellation).ConfigureAwait(false);
            if (isSource)
            {
                await PostgresRows.RunAsync(sessions.Holder, Begin, cancellation).ConfigureAwait(false);
            }

            return sessions;
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, cancellation);
        }
    }

    /// <summary>The moment that the first session of a source sees: the transactions that are in it.</summary>
    internal async Task<string> ReadSnapshotAsync(CancellationToken cancellation)
    {
        try
        {
            return (await PostgresRows.ValueAsync<string>(Holder, "SELECT pg_current_snapshot()::text", cancellation).ConfigureAwait(false))!;
        }
        catch (Exception failure)
        {
            throw Failures.Explain(failure, null, cancellation);
        }
    }

    /// <summary>The next moment that is read is a later one.</summary>
    internal async Task RenewSnapshotAsync(CancellationToken cancellation)
    {
        try
        {
            await PostgresRows.RunAsync(Holder, ["ROLLBACK", Begin], cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            throw Failures.Explain(failure, null, cancellation);
        }
    }

    /// <summary>Lets the other sessions of a source see what the first one does.</summary>
    internal async Task ExportSnapshotAsync(CancellationToken cancellation) =>
        Snapshot = await PostgresRows.ValueAsync<string>(Holder, "SELECT pg_export_snapshot()", cancellation).ConfigureAwait(false);

    /// <summary>Runs work on a session of its own; one that failed is thrown away.</summary>
    internal async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, string? subject, CancellationToken cancellation)
    {
        NpgsqlConnection? connection = null;
        try
        {
            if (!idle.TryTake(out connection))
            {
                connection = await ConnectAsync(cancellation).ConfigureAwait(false);
                if (isSource)
                {
                    await PostgresRows.RunAsync(connection, [Begin, "SET TRANSACTION SNAPSHOT '" + Snapshot + "'"], cancellation).ConfigureAwait(false);
                }
            }

            var result = await work(connection).ConfigureAwait(false);
            idle.Add(connection);
            connection = null;
            return result;
        }
        catch (Exception failure)
        {
            throw Failures.Explain(failure, subject, cancellation);
        }
        finally
        {
            if (connection is not null)
            {
                all.TryRemove(connection, out _);
                await Patience.ForAsync(connection.Dispose, Patience.Farewell, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    internal Task UseAsync(Func<NpgsqlConnection, Task> work, string? subject, CancellationToken cancellation) => UseAsync(
        async connection =>
        {
            await work(connection).ConfigureAwait(false);
            return true;
        },
        subject,
        cancellation);

    public void Dispose()
    {
        foreach (var connection in all.Keys)
        {
            connection.Dispose();
        }

        all.Clear();
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = PostgresConnections.Create(PostgresConnections.CopyConnectionString(server, Database, application));
        all.TryAdd(connection, true);
        await connection.OpenAsync(cancellation).ConfigureAwait(false);
        await PostgresRows.RunAsync(
            connection,
            "SELECT " + string.Join(", ", Settings.Select(setting => setting.Split(['='], 2)).Select(pair => "set_config('" + pair[0].Trim() + "', " + Value(pair[1].Trim()) + ", false)")),
            cancellation).ConfigureAwait(false);
        return connection;
    }

    private static string Value(string text) => text[0] == '\'' ? text : "'" + text + "'";
}
