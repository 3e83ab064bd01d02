using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// A MySQL or MariaDB database that is written. Rows come with their line of the ledger in one transaction; objects cannot,
/// so one that is there without a line is taken as made, and proved with all others at the end.
/// </summary>
internal sealed class MySqlTarget : ICopyTarget, IRowChanger
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);
    private readonly MySqlSessions sessions;
    private bool byInsert;
    private readonly System.Collections.Concurrent.ConcurrentQueue<(string Kind, string Name, string Definer)> mapped = new();
    private bool maySetDefiners;
    private HashSet<string> accounts = new(StringComparer.Ordinal);
    private Operation operation = null!;

    private MySqlTarget(MySqlSessions sessions, ServerFacts server, OneByOne large)
    {
        this.sessions = sessions;
        Server = server;
        Parts = new MySqlParts(sessions, large);
    }

    public ServerFacts Server { get; }

    public string Name => sessions.Database;

    public CopyRun? Run { get; private set; }

    public IRowParts Parts { get; }

    /// <summary>Opens it for writing: takes the lock, and ends what a run that was killed left behind on the server.</summary>
    internal static async Task<MySqlTarget> OpenAsync(WaDatabaseServer server, ServerFacts facts, string database, OneByOne large, Operation operation)
    {
        var sessions = await MySqlSessions.OpenAsync(server, database, isSource: false, null, operation.Cancellation).ConfigureAwait(false);
        var target = new MySqlTarget(sessions, facts, large) { operation = operation };
        try
        {
            if (!operation.PlanOnly)
            {
                await target.LockAsync().ConfigureAwait(false);
            }

            await target.LookAsync().ConfigureAwait(false);
            return target;
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, operation.Cancellation);
        }
    }

    public async Task<IReadOnlyCollection<LedgerEntry>> LedgerAsync(CancellationToken cancellation) =>
        await sessions.UseAsync(connection => MySqlLedger.ReadAsync(connection, cancellation), null, cancellation).ConfigureAwait(false);

    public async Task BeginAsync(CopyRun run, IReadOnlyList<SchemaObject> before, CancellationToken cancellation)
    {
        await BeginRunAsync(run, cancellation).ConfigureAwait(false);
        await ResumeAsync(before, cancellation).ConfigureAwait(false);
    }

    public async Task ResumeAsync(IReadOnlyList<SchemaObject> before, CancellationToken cancellation)
    {
        var made = new HashSet<string>((await LedgerAsync(cancellation).ConfigureAwait(false)).Where(entry => entry.Kind == LedgerEntry.ObjectKind).Select(entry => entry.Name), StringComparer.Ordinal);
        foreach (var item in before.Where(item => !made.Contains(item.Key)))
        {
            await MakeAsync(item, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Triggers cannot be silenced, so they are taken away and kept in the MySqlLedger.</summary>
    public async Task BeginUpdateAsync(CopyRun run, CancellationToken cancellation)
    {
        await BeginRunAsync(run, cancellation).ConfigureAwait(false);
        var model = await ReadModelAsync(includeOwner: false, cancellation).ConfigureAwait(false);
        await sessions.UseAsync(
            async connection =>
            {
                var triggers = model.Objects.Where(item => item.Kind == "trigger").Select(item => item with { Statements = Statements(item) }).ToList();
                await MySqlLedger.KeepAsync(connection, triggers, cancellation).ConfigureAwait(false);
                await RunAsync(connection, triggers.Select(trigger => "DROP TRIGGER IF EXISTS " + trigger.Name), cancellation).ConfigureAwait(false);
            },
            null,
            cancellation).ConfigureAwait(false);
    }

    public Task<bool> RowsAreRightAsync(CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            var kept = await MySqlLedger.KeptAsync(connection, cancellation).ConfigureAwait(false);
            foreach (var statements in kept)
            {
                await MakeAsync(connection, statements, cancellation).ConfigureAwait(false);
            }

            return kept.Count > 0;
        },
        null,
        cancellation);

    public Task<ChunkResult> WriteAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) => InTransactionAsync(
        async connection =>
        {
            if (table.IsWhole)
            {
                // What a run that was cut left of it was never taken back by the server.
                await EmptyAsync(connection, table, cancellation).ConfigureAwait(false);
                await RunAsync(connection, "BEGIN", cancellation).ConfigureAwait(false);
            }

            var result = await LoadAsync(connection, table, read, cancellation).ConfigureAwait(false);
            await MySqlLedger.EnterAsync(connection, LedgerEntry.ChunkKind, table.Name, chunk, result, cancellation).ConfigureAwait(false);
            return result;
        },
        table.Name,
        cancellation);

    public Task EmptyAsync(TableModel table, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            await EmptyAsync(connection, table, cancellation).ConfigureAwait(false);
            await MySqlLedger.ForgetAsync(connection, table.Name, cancellation).ConfigureAwait(false);
        },
        table.Name,
        cancellation);

    /// <summary>All indexes of a table are made at once, and nothing of them is left for later.</summary>
    public Task BuildAsync(SchemaObject index, CancellationToken cancellation) => MakeAsync(index, cancellation);

    public Task MakeAsync(SchemaObject item, CancellationToken cancellation) => PatientlyAsync(
        async connection =>
        {
            var statements = item.Phase == SchemaPhase.Index ? await MissingAsync(connection, item, cancellation).ConfigureAwait(false) : Statements(item);
            await MakeAsync(connection, statements, cancellation, item.Key).ConfigureAwait(false);
            await MySqlLedger.EnterAsync(connection, LedgerEntry.ObjectKind, item.Key, new Chunk(0, 0, null, 0), new ChunkResult(0, 0), cancellation).ConfigureAwait(false);
        },
        item.Key,
        cancellation);

    public Task SetSequencesAsync(IReadOnlyList<CounterPosition> positions, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            var there = (await MySqlDatabaseReader.SequencesAsync(connection, cancellation).ConfigureAwait(false)).ToDictionary(position => position.Name, StringComparer.Ordinal);
            foreach (var position in positions.Where(position => !there.TryGetValue(position.Name, out var other) || other != position))
            {
                await RunAsync(connection, MySqlScripts.Position(position), cancellation).ConfigureAwait(false);
            }
        },
        null,
        cancellation);

    public Task AnalyzeAsync(TableModel table, CancellationToken cancellation) => PatientlyAsync(
        connection => ListAsync(connection, "ANALYZE NO_WRITE_TO_BINLOG TABLE " + table.Name, row => row.FieldCount, cancellation),
        table.Name,
        cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation) =>
        PatientlyAsync(connection => MySqlParts.DigestAsync(connection, table, null, cancellation), table.Name, cancellation);

    public Task<DatabaseModel> ReadModelAsync(bool includeOwner, CancellationToken cancellation) =>
        sessions.UseAsync(connection => MySqlDatabaseReader.ReadAsync(connection, Server.Engine, includeOwner, cancellation), null, cancellation);

    public Task RemoveAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, IReadOnlyList<RowKey>? keys, CancellationToken cancellation) => sessions.UseAsync(
        connection => RunAsync(connection, "DELETE FROM " + table.Name + " WHERE " + (keys is null ? new MySqlCut(table, cut).Condition(parts) : MySqlStatements.Among(table, keys)), cancellation),
        table.Name,
        cancellation);

    public async Task<ChunkResult?> ChangeAsync(TableModel table, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) => MySqlChanges.Of(table) is not { } changes
        ? null
        : await sessions.UseAsync(
            connection => changes.MakeAsync(
                connection,
                () => LoadAsync(connection, changes.Loaded, read, cancellation),
                reason => operation.Console.Verbose(DatabaseText.Catalog.Format("NotChangedInPlace", Name + " " + table.Name, reason)),
                cancellation),
            table.Name,
            cancellation).ConfigureAwait(false);

    public Task<ChunkResult> AddAsync(TableModel table, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) =>
        InTransactionAsync(connection => LoadAsync(connection, table, read, cancellation), table.Name, cancellation);

    public Task EndAsync(IReadOnlyList<string> settings, CancellationToken cancellation)
    {
        // One warning for each kind: a schema may have hundreds of them.
        foreach (var kind in mapped.Distinct().GroupBy(item => item.Kind))
        {
            operation.Console.Warning(DatabaseText.Catalog.Format("DefinersMapped", kind.Count(), kind.Key, string.Join(", ", kind.Select(item => item.Definer).Distinct()), string.Join(", ", kind.Select(item => item.Name)).Shorten(400)));
        }

        return sessions.UseAsync(connection => MySqlLedger.DropAsync(connection, cancellation), null, cancellation);
    }

    public void Dispose() => sessions.Dispose();

    private async Task BeginRunAsync(CopyRun run, CancellationToken cancellation)
    {
        await sessions.UseAsync(connection => MySqlLedger.CreateAsync(connection, run, Server.Engine, cancellation), null, cancellation).ConfigureAwait(false);
        Run = run;
    }

    private Task<ChunkResult> LoadAsync(MySqlConnection connection, TableModel table, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation) =>
        MySqlLoader.LoadAsync(connection, operation.Time, table, byInsert, Server.Address + "/" + Name + " " + table.Name, read, cancellation);

    /// <summary>A table that keeps its history has to be made anew: it lets nobody empty it.</summary>
    private static async Task EmptyAsync(MySqlConnection connection, TableModel table, CancellationToken cancellation)
    {
        if (!table.HasHistory)
        {
            try
            {
                await RunAsync(connection, "TRUNCATE TABLE " + table.Name, cancellation).ConfigureAwait(false);
            }
            catch (MySqlException failure) when (failure.Number is 1031 or 1178)
            {
                // ARCHIVE lets nothing go, so the table is made anew; its triggers are not there while rows are loaded.
                var statement = await MySqlDatabaseReader.ShowAsync(connection, "TABLE " + table.Name, 1, cancellation).ConfigureAwait(false);
                await RunAsync(connection, ["DROP TABLE " + table.Name, statement], cancellation).ConfigureAwait(false);
            }

            return;
        }

        await RunAsync(connection, ["DELETE FROM " + table.Name, "DELETE HISTORY FROM " + table.Name], cancellation).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> OrphansAsync(MySqlConnection connection, CancellationToken cancellation) =>
        [.. (await MySqlProcess.OthersAsync(connection, cancellation).ConfigureAwait(false)).Where(process => process.IsOurs && string.Equals(process.Database, Name, StringComparison.OrdinalIgnoreCase)).Select(process => process.Id)];

    /// <summary>The statements whose indexes are not there yet.</summary>
    private static async Task<IReadOnlyList<string>> MissingAsync(MySqlConnection connection, SchemaObject item, CancellationToken cancellation)
    {
        var text = await MySqlDatabaseReader.ShowAsync(connection, "TABLE " + item.Name, 1, cancellation).ConfigureAwait(false);
        var there = TableStatement.Parse(text).Keys.ToList();
        return [.. item.Statements.Where(statement => !there.Any(key => statement.Contains(" ADD " + key)))];
    }

    private IReadOnlyList<string> Statements(SchemaObject item)
    {
        if (item.Definer is not { } definer)
        {
            return item.Statements;
        }

        if (!maySetDefiners || !accounts.Contains(definer))
        {
            operation.Console.Verbose(DatabaseText.Catalog.Format("DefinerMapped", item.Key, definer));
            mapped.Enqueue((item.Kind, item.Name, definer));
            return item.Statements;
        }

        return [.. item.Statements.Select((statement, place) => place + 1 < item.Statements.Count ? statement : Definers.Join(statement, definer))];
    }

    private static async Task MakeAsync(MySqlConnection connection, IReadOnlyList<string> statements, CancellationToken cancellation, string name = "trigger")
    {
        try
        {
            await RunAsync(connection, statements, cancellation).ConfigureAwait(false);
        }
        catch (MySqlException failure) when (failure.Number is 1050 or 1304 or 1359 or 1537 or 1826 || (failure.Number == 1005 && failure.Message.Has("errno: 121")))
        {
            // A run that was cut made it, and had no time to write it down.
            _ = failure;
        }
        catch (MySqlException failure) when (!MySqlConnections.IsConnection(failure) && failure.Number is not (1044 or 1142 or 1143 or 1227 or 1370 or 1419 or 3750 or 1205 or 1317 or 1114 or 1021))
        {
            throw CopyErrors.ObjectNotMade.Error(name, failure, statements, failure.Message);
        }

        if (statements.Count > 1)
        {
            await MySqlSettings.RestoreAsync(connection, cancellation).ConfigureAwait(false);
        }
    }

    private async Task LockAsync()
    {
        var start = operation.Time.GetTimestamp();
        var name = Literal("wamigration/" + Security.Sha256.Hex(System.Text.Encoding.UTF8.GetBytes(Name)).Substring(0, 32));
        while (await NumberAsync(sessions.Holder, "SELECT GET_LOCK(" + name + ", 0)", operation.Cancellation).ConfigureAwait(false) != 1)
        {
            if (operation.Time.GetElapsedTime(start) > LockWait)
            {
                throw CopyErrors.DatabaseCopyBusy.Error(Server.Address + "/" + Name);
            }

            await operation.DelayAsync(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
        }
    }

    private async Task LookAsync()
    {
        var connection = sessions.Holder;
        var cancellation = operation.Cancellation;
        byInsert = await NumberAsync(connection, "SELECT @@local_infile", cancellation).ConfigureAwait(false) == 0;
        maySetDefiners = await MySqlPrivileges.MaySetDefinersAsync(connection, cancellation).ConfigureAwait(false);
        accounts = new HashSet<string>(await MySqlAccounts.AllAsync(connection, cancellation).ConfigureAwait(false) ?? [await MySqlAccounts.OwnAsync(connection, cancellation).ConfigureAwait(false)], StringComparer.Ordinal);
        Run = await MySqlLedger.FindRunAsync(connection, cancellation).ConfigureAwait(false);
        if (Run is null || operation.PlanOnly)
        {
            return;
        }

        // A server goes on with an index after its client was killed, so what is left of that run ends here.
        for (var orphans = await OrphansAsync(connection, cancellation).ConfigureAwait(false); orphans.Count > 0; orphans = await OrphansAsync(connection, cancellation).ConfigureAwait(false))
        {
            foreach (var orphan in orphans)
            {
                try
                {
                    await RunAsync(connection, "KILL " + orphan, cancellation).ConfigureAwait(false);
                }
                catch (MySqlException failure) when (failure.Number == 1094)
                {
                    // It ended by itself.
                    _ = failure;
                }
            }

            await operation.DelayAsync(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        }
    }

    private Task<bool> PatientlyAsync(Func<MySqlConnection, Task> work, string? subject, CancellationToken cancellation) => PatientlyAsync(
        async connection =>
        {
            await work(connection).ConfigureAwait(false);
            return true;
        },
        subject,
        cancellation);

    /// <summary>An index waits for the digest of its table, and one that comes then waits for both: for each other's end as long as it takes.</summary>
    private Task<T> PatientlyAsync<T>(Func<MySqlConnection, Task<T>> work, string? subject, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            await RunAsync(connection, MySqlSettings.Patient, cancellation).ConfigureAwait(false);
            var result = await work(connection).ConfigureAwait(false);
            await RunAsync(connection, MySqlSettings.Impatient, cancellation).ConfigureAwait(false);
            return result;
        },
        subject,
        cancellation);

    /// <summary>A session that fails is closed, and the server rolls back with it.</summary>
    private Task<T> InTransactionAsync<T>(Func<MySqlConnection, Task<T>> work, string? subject, CancellationToken cancellation) => sessions.UseAsync(
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
