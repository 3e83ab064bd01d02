using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;
using WaMigration.Databases.Postgres.Schema;
using static WaMigration.Databases.Postgres.PostgresRows;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>A PostgreSQL database that is written. A lock that ends with its session keeps others out.</summary>
internal sealed class PostgresTarget : ICopyTarget
{
    private const string Ledger = SchemaQuery.LedgerSchema + ".ledger";
    private const string RunTable = SchemaQuery.LedgerSchema + ".run";
    private const string FirstStatement = " (index)";
    private const long LockNumber = 0x57614D6967;

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OrphanWait = TimeSpan.FromMinutes(1);
    private readonly PostgresSessions sessions;
    private readonly string application;
    private bool isSilencedByHand;

    private PostgresTarget(PostgresSessions sessions, ServerFacts server, string application)
    {
        this.sessions = sessions;
        this.application = application;
        Server = server;
        Parts = new PostgresParts(sessions);
    }

    public ServerFacts Server { get; }

    public string Name => sessions.Database;

    public CopyRun? Run { get; private set; }

    public IRowParts Parts { get; }

    /// <summary>Opens it for writing: takes the lock, and ends what a run that was killed left behind on the server.</summary>
    internal static async Task<PostgresTarget> OpenAsync(WaDatabaseServer server, ServerFacts facts, string database, string application, Operation operation)
    {
        var sessions = await PostgresSessions.OpenAsync(server, database, application, isSource: false, operation).ConfigureAwait(false);
        var target = new PostgresTarget(sessions, facts, application);
        try
        {
            if (!operation.PlanOnly)
            {
                await target.LockAsync(operation).ConfigureAwait(false);
            }

            await target.ReadRunAsync(operation).ConfigureAwait(false);
            return target;
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, operation.Cancellation);
        }
    }

    public async Task<IReadOnlyCollection<LedgerEntry>> LedgerAsync(CancellationToken cancellation) => await sessions.UseAsync(
        connection => ListAsync(
            connection,
            "SELECT kind, name, part, rows, bytes FROM " + Ledger,
            row => new LedgerEntry(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            cancellation),
        null,
        cancellation).ConfigureAwait(false);

    public Task BeginAsync(CopyRun run, IReadOnlyList<SchemaObject> before, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            await CreateLedgerAsync(connection, run, cancellation).ConfigureAwait(false);
            if (!before.Any(item => item.Kind == "schema" && item.Name == "public"))
            {
                await RunAsync(connection, "DROP SCHEMA IF EXISTS public", cancellation).ConfigureAwait(false);
            }

            if (!before.Any(item => item.Kind == "extension" && item.Name == "plpgsql"))
            {
                await RunAsync(connection, "DROP EXTENSION IF EXISTS plpgsql", cancellation).ConfigureAwait(false);
            }

            foreach (var item in before)
            {
                await RunStatementsAsync(connection, item.Key, item.Statements, cancellation).ConfigureAwait(false);
            }
        },
        null,
        cancellation);

    /// <summary>
    /// All that comes before the rows was made in the transaction that made the ledger. Of an update that had its rows right
    /// before it was cut, triggers are back already, and rows may have changed since.
    /// </summary>
    public Task ResumeAsync(IReadOnlyList<SchemaObject> before, CancellationToken cancellation) => Run is { IsUpdate: true } && !isSilencedByHand
        ? InTransactionAsync(connection => TakeAwayAsync(connection, cancellation), null, cancellation)
        : Task.CompletedTask;

    public Task BeginUpdateAsync(CopyRun run, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            await CreateLedgerAsync(connection, run, cancellation).ConfigureAwait(false);
            await TakeAwayAsync(connection, cancellation).ConfigureAwait(false);
        },
        null,
        cancellation);

    public Task<ChunkResult> WriteAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            var result = await LoadAsync(connection, table, format, read, cancellation).ConfigureAwait(false);
            await EnterAsync(connection, LedgerEntry.ChunkKind, table.Name, chunk.Number, result, Bound(chunk.From), chunk.To is { } to ? Bound(to) : null, cancellation).ConfigureAwait(false);
            return result;
        },
        table.Name,
        cancellation);

    public Task EmptyAsync(TableModel table, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            if (table.IsLargeObjects)
            {
                await RunAsync(connection, "SELECT lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata", cancellation).ConfigureAwait(false);
            }
            else if (await ValueAsync<bool>(connection, "SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = " + Literal(table.Name) + "::regclass)", cancellation).ConfigureAwait(false))
            {
                // What others refer to cannot be truncated, whether or not they have rows.
                await SilenceAsync(connection, table, cancellation).ConfigureAwait(false);
                await RunAsync(connection, "DELETE FROM ONLY " + table.Name, cancellation).ConfigureAwait(false);
            }
            else
            {
                await RunAsync(connection, "TRUNCATE ONLY " + table.Name, cancellation).ConfigureAwait(false);
            }

            await RunAsync(connection, "DELETE FROM " + Ledger + " WHERE kind = 'chunk' AND name = " + Literal(table.Name), cancellation).ConfigureAwait(false);
        },
        table.Name,
        cancellation);

    /// <summary>
    /// An index is made beside others of its table; what makes a key of it wants the table alone. In one transaction two
    /// of them would wait for each other for ever, so these are two, each with its own line in the ledger.
    /// </summary>
    public async Task BuildAsync(SchemaObject index, CancellationToken cancellation)
    {
        if (!await IsMadeAsync(FirstPart(index), cancellation).ConfigureAwait(false))
        {
            await MakeAsync(index, FirstPart(index), [index.Statements[0]], cancellation).ConfigureAwait(false);
        }
    }

    public async Task MakeAsync(SchemaObject item, CancellationToken cancellation)
    {
        if (item.Phase != SchemaPhase.Index)
        {
            await MakeAsync(item, item.Key, item.Statements, cancellation).ConfigureAwait(false);
            return;
        }

        await BuildAsync(item, cancellation).ConfigureAwait(false);
        if (item.Statements.Count > 1)
        {
            await MakeAsync(item, item.Key, [.. item.Statements.Skip(1)], cancellation).ConfigureAwait(false);
        }
    }

    public Task SetSequencesAsync(IReadOnlyList<CounterPosition> positions, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            foreach (var position in positions)
            {
                await RunAsync(connection, "SELECT setval(" + Literal(position.Name) + ", " + Bound(position.LastValue) + ", " + (position.IsCalled ? "true" : "false") + ")", cancellation).ConfigureAwait(false);
            }
        },
        null,
        cancellation);

    public Task AnalyzeAsync(TableModel table, CancellationToken cancellation) => table.IsLargeObjects
        ? Task.CompletedTask
        : sessions.UseAsync(connection => RunAsync(connection, "ANALYZE " + table.Name, cancellation), table.Name, cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation) => sessions.UseAsync(
        async connection => (await ListAsync(
            connection,
            PostgresStatements.Digest(table),
            PostgresStatements.ReadDigest,
            cancellation).ConfigureAwait(false))[0],
        table.Name,
        cancellation);

    public Task<DatabaseModel> ReadModelAsync(bool includeOwner, CancellationToken cancellation) =>
        sessions.UseAsync(connection => DatabaseReader.ReadAsync(connection, Server.Major, includeOwner, cancellation), null, cancellation);

    public Task RemoveAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, IReadOnlyList<RowKey>? keys, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            await SilenceAsync(connection, table, cancellation).ConfigureAwait(false);
            await RunAsync(connection, "DELETE FROM ONLY " + table.Name + " WHERE " + (keys is null ? PostgresParts.Condition(table, cut, parts) : PostgresParts.Among(table, keys)), cancellation).ConfigureAwait(false);
        },
        table.Name,
        cancellation);

    public Task<ChunkResult> AddAsync(TableModel table, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            if (!table.IsLargeObjects)
            {
                await SilenceAsync(connection, table, cancellation).ConfigureAwait(false);
            }

            return await LoadAsync(connection, table, format, read, cancellation).ConfigureAwait(false);
        },
        table.Name,
        cancellation);

    /// <summary>Triggers were silent in each transaction by itself, but for those that had to be taken away by hand.</summary>
    public async Task<bool> RowsAreRightAsync(CancellationToken cancellation)
    {
        if (!isSilencedByHand)
        {
            return false;
        }

        await InTransactionAsync(connection => SilencedByHand.BringBackAsync(connection, cancellation), null, cancellation).ConfigureAwait(false);
        isSilencedByHand = false;
        return true;
    }

    public Task EndAsync(IReadOnlyList<string> settings, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            foreach (var setting in settings)
            {
                await RunAsync(connection, string.Format(CultureInfo.InvariantCulture, setting, Quote(Name)), cancellation).ConfigureAwait(false);
            }

            await RunAsync(connection, "DROP SCHEMA IF EXISTS " + SchemaQuery.LedgerSchema + " CASCADE", cancellation).ConfigureAwait(false);
        },
        null,
        cancellation);

    public void Dispose() => sessions.Dispose();

    private Task<bool> MakeAsync(SchemaObject item, string entry, IReadOnlyList<string> statements, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            if (item.Phase == SchemaPhase.Index)
            {
                // The workers build side by side. With the server's own helpers beside them, or with more memory than it
                // gives by itself, the same indexes took longer (16 s for 256 MB, 12.5 s for 64 MB, 6.5 s for two at once).
                await RunAsync(connection, "SET LOCAL max_parallel_maintenance_workers = 0", cancellation).ConfigureAwait(false);
            }

            await RunStatementsAsync(connection, item.Key, statements, cancellation).ConfigureAwait(false);
            await EnterAsync(connection, LedgerEntry.ObjectKind, entry, 0, new ChunkResult(0, 0), null, null, cancellation).ConfigureAwait(false);
        },
        item.Key,
        cancellation);

    /// <summary>The ledger's name of what BuildAsync makes: the whole index where there is nothing more to it.</summary>
    private static string FirstPart(SchemaObject index) => index.Statements.Count > 1 ? index.Key + FirstStatement : index.Key;

    private Task<bool> IsMadeAsync(string name, CancellationToken cancellation) => sessions.UseAsync(
        connection => ValueAsync<bool>(connection, "SELECT EXISTS (SELECT 1 FROM " + Ledger + " WHERE kind = 'object' AND name = " + Literal(name) + ")", cancellation),
        name,
        cancellation);

    private static string Bound(long value) => value.ToString(CultureInfo.InvariantCulture);

    private async Task<ChunkResult> LoadAsync(NpgsqlConnection connection, TableModel table, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation)
    {
        if (!table.IsLargeObjects)
        {
            return await PostgresStreams.WriteAsync(connection, sessions.Time, PostgresStatements.CopyIn(table, format), format, read, cancellation).ConfigureAwait(false);
        }

        await RunAsync(connection, PostgresStatements.LoadSetUp, cancellation).ConfigureAwait(false);
        var result = await PostgresStreams.WriteAsync(connection, sessions.Time, PostgresStatements.CopyIn(table, format), format, read, cancellation).ConfigureAwait(false);
        await RunAsync(connection, PostgresStatements.LoadFinish, cancellation).ConfigureAwait(false);
        return result;
    }

    private static async Task RunStatementsAsync(NpgsqlConnection connection, string name, IReadOnlyList<string> statements, CancellationToken cancellation)
    {
        try
        {
            await RunAsync(connection, statements, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState is not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.DiskFull or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InsufficientPrivilege))
        {
            throw CopyErrors.ObjectNotMade.Error(name, failure, [.. statements, .. new[] { failure.Hint, failure.Where }.Where(line => !string.IsNullOrEmpty(line)).Select(line => line!)], failure.MessageText);
        }
    }

    private async Task TakeAwayAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        isSilencedByHand = await SilencedByHand.TakeAwayAsync(connection, cancellation).ConfigureAwait(false);

    private async Task SilenceAsync(NpgsqlConnection connection, TableModel table, CancellationToken cancellation)
    {
        if (isSilencedByHand)
        {
            return;
        }

        try
        {
            await RunAsync(connection, "SET LOCAL session_replication_role = replica", cancellation).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw CopyErrors.CannotSilenceTriggers.Error(table.Name, failure, [], failure.MessageText);
        }
    }

    private static Task EnterAsync(NpgsqlConnection connection, string kind, string name, long part, ChunkResult result, string? from, string? to, CancellationToken cancellation) => RunAsync(
        connection,
        "INSERT INTO " + Ledger + " (kind, name, part, lower_bound, upper_bound, rows, bytes, state) VALUES (" + Literal(kind) + ", " + Literal(name) + ", " + Bound(part) + ", "
        + (from is null ? "NULL" : Literal(from)) + ", " + (to is null ? "NULL" : Literal(to)) + ", " + Bound(result.Rows) + ", " + Bound(result.Bytes) + ", 'done')" + (kind == LedgerEntry.ObjectKind ? " ON CONFLICT DO NOTHING" : string.Empty),
        cancellation);

    private async Task CreateLedgerAsync(NpgsqlConnection connection, CopyRun run, CancellationToken cancellation)
    {
        await RunAsync(
            connection,
            [
                "CREATE SCHEMA " + SchemaQuery.LedgerSchema,
                "CREATE TABLE " + RunTable + " (id text PRIMARY KEY, application text NOT NULL, source text NOT NULL, model text NOT NULL, is_update boolean NOT NULL, tables text NOT NULL, recipe text NOT NULL, started timestamptz NOT NULL DEFAULT now())",
                "CREATE TABLE " + Ledger + " (kind text, name text, part bigint, lower_bound text, upper_bound text, rows bigint NOT NULL, bytes bigint NOT NULL, state text NOT NULL, PRIMARY KEY (kind, name, part))",
                "INSERT INTO " + RunTable + " (id, application, source, model, is_update, tables, recipe) VALUES (" + Literal(run.Id) + ", " + Literal(application) + ", " + Literal(run.Source) + ", " + Literal(run.Model) + ", " + (run.IsUpdate ? "true" : "false") + ", " + Literal(run.Tables) + ", " + Literal(DigestRecipe.PostgresRecord) + ")",
            ],
            cancellation).ConfigureAwait(false);
        Run = run;
    }

    private async Task LockAsync(Operation operation)
    {
        var start = operation.Time.GetTimestamp();
        while (!await ValueAsync<bool>(sessions.Holder, "SELECT pg_try_advisory_lock(" + Bound(LockNumber) + ")", operation.Cancellation).ConfigureAwait(false))
        {
            if (operation.Time.GetElapsedTime(start) > LockWait)
            {
                throw CopyErrors.DatabaseCopyBusy.Error(Server.Address + "/" + Name);
            }

            await operation.DelayAsync(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
        }
    }

    private async Task ReadRunAsync(Operation operation)
    {
        if (!await ValueAsync<bool>(sessions.Holder, "SELECT to_regclass('" + RunTable + "') IS NOT NULL", operation.Cancellation).ConfigureAwait(false))
        {
            return;
        }

        var (run, left) = (await ListAsync(
            sessions.Holder,
            "SELECT id, source, model, is_update, tables, application FROM " + RunTable,
            row => (new CopyRun(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetString(4)), row.GetString(5)),
            operation.Cancellation).ConfigureAwait(false))[0];
        Run = run;
        isSilencedByHand = await SilencedByHand.IsThereAsync(sessions.Holder, operation.Cancellation).ConfigureAwait(false);
        if (operation.PlanOnly)
        {
            return;
        }

        // A server goes on with an index after its client was killed, so what is left of that run ends here.
        var orphans = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = " + Literal(left);
        await RunAsync(sessions.Holder, "SELECT pg_terminate_backend(pid) " + orphans, operation.Cancellation).ConfigureAwait(false);
        var start = operation.Time.GetTimestamp();
        while (await ValueAsync<long>(sessions.Holder, "SELECT count(*) " + orphans, operation.Cancellation).ConfigureAwait(false) > 0)
        {
            if (operation.Time.GetElapsedTime(start) > OrphanWait)
            {
                throw CopyErrors.DatabaseCopyBusy.Error(Server.Address + "/" + Name);
            }

            await operation.DelayAsync(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        }

        await RunAsync(sessions.Holder, "UPDATE " + RunTable + " SET application = " + Literal(application), operation.Cancellation).ConfigureAwait(false);
    }

    private Task<bool> InTransactionAsync(Func<NpgsqlConnection, Task> work, string? subject, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            await work(connection).ConfigureAwait(false);
            return true;
        },
        subject,
        cancellation);

    /// <summary>A session that fails is closed, and the server rolls back with it.</summary>
    private Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> work, string? subject, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            await RunAsync(connection, "BEGIN", cancellation).ConfigureAwait(false);
            var result = await work(connection).ConfigureAwait(false);
            await RunAsync(connection, "COMMIT", cancellation).ConfigureAwait(false);
            return result;
        },
        subject,
        cancellation);
}
