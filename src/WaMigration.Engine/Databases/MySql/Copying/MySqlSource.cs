using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>A MySQL or MariaDB database that is read.</summary>
internal sealed class MySqlSource : ICopySource
{
    /// <summary>So that a chunk takes about a second.</summary>
    private const long BytesInChunk = 32L * 1024 * 1024;

    private readonly MySqlSessions sessions;
    private readonly OneByOne large;
    private readonly Dictionary<string, IReadOnlyList<Chunk>> plans = new(StringComparer.Ordinal);

    private MySqlSource(MySqlSessions sessions, ServerFacts server, DatabaseModel model, OneByOne large)
    {
        this.sessions = sessions;
        this.large = large;
        Server = server;
        Model = model;
        Parts = new MySqlParts(sessions, large);
    }

    public ServerFacts Server { get; }

    public DatabaseModel Model { get; private set; }

    public string? Cut { get; private set; }

    public IRowParts Parts { get; }

    internal static async Task<MySqlSource> OpenAsync(WaDatabaseServer server, ServerFacts facts, string database, bool includeOwner, OneByOne large, MySqlSnapshots? snapshots, CancellationToken cancellation)
    {
        var sessions = await MySqlSessions.OpenAsync(server, database, isSource: true, snapshots, cancellation).ConfigureAwait(false);
        try
        {
            var hidden = await MySqlPrivileges.HiddenAsync(sessions.Holder, database, cancellation).ConfigureAwait(false);
            if (hidden.Count > 0)
            {
                throw CopyErrors.CannotSeeEverything.Error(facts.Address + "/" + database, null, hidden, server.UserName, hidden.Count);
            }

            await sessions.HoldTablesAsync(cancellation).ConfigureAwait(false);
            var model = await MySqlDatabaseReader.ReadAsync(sessions.Holder, facts.Engine, includeOwner, cancellation).ConfigureAwait(false);
            var source = new MySqlSource(sessions, facts, model, large) { Cut = snapshots?.Cut };
            await source.PlanAsync(cancellation).ConfigureAwait(false);
            return source;
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, cancellation);
        }
    }

    public IReadOnlyList<Chunk> Plan(TableModel table) => plans[table.Name];

    public ChunkFormat FormatFor(TableModel table, ServerFacts target) => ChunkFormat.Text;

    public Task<ChunkResult> ReadAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlReader.ReadAsync(connection, table, MySqlStatements.Condition(table, chunk), large, write, cancellation),
        table.Name,
        cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlParts.DigestAsync(connection, table, null, cancellation),
        table.Name,
        cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, Chunk chunk, CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlParts.DigestAsync(connection, table, MySqlStatements.Condition(table, chunk), cancellation),
        table.Name,
        cancellation);

    public Task<IReadOnlyList<CounterPosition>> SequencesAsync(CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlDatabaseReader.SequencesAsync(connection, cancellation),
        null,
        cancellation);

    public void Dispose() => sessions.Dispose();

    /// <summary>Measures the largest values, and cuts tables into chunks.</summary>
    private Task PlanAsync(CancellationToken cancellation) => sessions.UseAsync(connection => PlanAsync(connection, cancellation), null, cancellation);

    private async Task PlanAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var tables = new List<TableModel>();
        foreach (var table in Model.Tables)
        {
            var measured = table with { Largest = await LargestAsync(connection, table, cancellation).ConfigureAwait(false) };
            tables.Add(measured);
            plans[table.Name] = await PlanAsync(connection, measured, cancellation).ConfigureAwait(false);
        }

        Model = Model with { Tables = tables.ToArray() };
    }

    private static async Task<long> LargestAsync(MySqlConnection connection, TableModel table, CancellationToken cancellation)
    {
        var columns = table.Stored.Where(column => MySqlTypes.IsLarge(column.Type)).ToList();
        return columns.Count == 0
            ? 0
            : await MySqlRows.NumberAsync(connection, "SELECT GREATEST(" + string.Join(", ", columns.Select(column => "COALESCE(MAX(LENGTH(" + MySqlTypes.Length(column) + ")), 0)")) + ", 0) FROM " + MySqlStatements.From(table), cancellation).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<Chunk>> PlanAsync(MySqlConnection connection, TableModel table, CancellationToken cancellation)
    {
        var wanted = (table.Bytes / BytesInChunk) + 1;
        if (wanted < 2 || table.Range == RangeKind.None)
        {
            return [new Chunk(0, 0, null, table.Bytes)];
        }

        if (table.Range == RangeKind.Sampled)
        {
            var bounds = await MySqlBounds.StepsAsync(connection, table, Math.Max(1, table.Pages / wanted), (int)Math.Min(wanted * 2, 100_000), cancellation).ConfigureAwait(false);
            return [.. Enumerable.Range(0, bounds.Count + 1).Select(number => new Chunk(number, 0, number < bounds.Count ? 0 : null, table.Bytes / (bounds.Count + 1))
            {
                FirstKey = number == 0 ? null : bounds[number - 1],
                EndKey = number < bounds.Count ? bounds[number] : null,
            })];
        }

        if (await MySqlBounds.EndsAsync(connection, table, cancellation).ConfigureAwait(false) is not { } ends || ends.High - ends.Low < wanted)
        {
            return [new Chunk(0, 0, null, table.Bytes)];
        }

        var step = decimal.Ceiling((ends.High - ends.Low) / wanted);
        long Edge(long number) => MySqlTypes.IsUnsigned(table.Key[0]) ? unchecked((long)(ulong)(ends.Low + (step * number))) : (long)(ends.Low + (step * number));
        return [.. Enumerable.Range(0, (int)wanted).Select(number => new Chunk(number, number == 0 ? 0 : Edge(number), number + 1 < wanted ? Edge(number + 1) : null, table.Bytes / wanted))];
    }
}
