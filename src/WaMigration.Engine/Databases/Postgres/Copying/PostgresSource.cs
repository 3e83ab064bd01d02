using WaMigration.Databases.Copying;
using WaMigration.Databases.Postgres.Schema;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>A PostgreSQL database that is read, as it was when it was opened.</summary>
internal sealed class PostgresSource : ICopySource
{
    /// <summary>64 MiB of pages of 8 KiB, so that a chunk takes about a second.</summary>
    private const long PagesInChunk = 8192;

    private const int PageSize = 8192;
    private readonly PostgresSessions sessions;

    private PostgresSource(PostgresSessions sessions, ServerFacts server, DatabaseModel model, string? cut)
    {
        this.sessions = sessions;
        Cut = cut;
        Server = server;
        Model = model;
        Parts = new PostgresParts(sessions);
    }

    public ServerFacts Server { get; }

    public DatabaseModel Model { get; }

    public IRowParts Parts { get; }

    public string? Cut { get; }

    /// <summary>Of sessions that are open and at their moment; disposes of them.</summary>
    internal static async Task<PostgresSource> OpenAsync(PostgresSessions sessions, ServerFacts facts, string user, bool includeOwner, string? cut, CancellationToken cancellation)
    {
        var named = facts.Address + "/" + sessions.Database;
        try
        {
            await sessions.ExportSnapshotAsync(cancellation).ConfigureAwait(false);
            var hidden = await DatabaseReader.HiddenAsync(sessions.Holder, cancellation).ConfigureAwait(false);
            if (hidden.Count > 0)
            {
                throw CopyErrors.CannotSeeEverything.Error(named, null, hidden, user, hidden.Count);
            }

            if (await TableLocks.TakeAsync(sessions.Holder, cancellation).ConfigureAwait(false) is { Count: > 0 } changed)
            {
                throw CopyErrors.SourceChangedWhileCopying.Error(named, null, changed, DatabaseText.Catalog["TablesRewritten"]);
            }

            var model = await DatabaseReader.ReadAsync(sessions.Holder, facts.Major, includeOwner, cancellation).ConfigureAwait(false);
            return new PostgresSource(
                sessions,
                facts,
                includeOwner ? model : model with { GrantsLeftOut = await DatabaseReader.GrantsAsync(sessions.Holder, cancellation).ConfigureAwait(false) },
                cut);
        }
        catch (Exception failure)
        {
            sessions.Dispose();
            throw sessions.Failures.Explain(failure, null, cancellation);
        }
    }

    public IReadOnlyList<Chunk> Plan(TableModel table)
    {
        if (table.IsLargeObjects)
        {
            return [new Chunk(0, 0, null, table.Bytes)];
        }

        // What lies outside the pages (large values) is spread over them; a chunk stays near its size with it.
        var perPage = Math.Max(PageSize, table.Bytes / Math.Max(1, table.Pages));
        var pages = Math.Max(1, PagesInChunk * PageSize / perPage);
        var chunks = new List<Chunk>();
        for (long from = 0; from < table.Pages || from == 0; from += pages)
        {
            // The last chunk has no end: rows that came since are found there.
            var last = from + pages >= table.Pages;
            chunks.Add(new Chunk(chunks.Count, from, last ? null : from + pages, Math.Min(pages, Math.Max(0, table.Pages - from)) * perPage));
        }

        return chunks.ToArray();
    }

    public ChunkFormat FormatFor(TableModel table, ServerFacts target) =>
        table.IsPortable && target.Engine == Server.Engine && target.Major == Server.Major ? ChunkFormat.Binary : ChunkFormat.Text;

    public Task<ChunkResult> ReadAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => PostgresStreams.ReadAsync(connection, sessions.Time, PostgresStatements.CopyOut(table, format, PostgresStatements.Pages(table, chunk)), format, write, cancellation),
        table.Name,
        cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation) => DigestAsync(table, (string?)null, cancellation);

    public Task<TableDigest> DigestAsync(TableModel table, Chunk chunk, CancellationToken cancellation) =>
        DigestAsync(table, PostgresStatements.Pages(table, chunk), cancellation);

    public Task<IReadOnlyList<CounterPosition>> SequencesAsync(CancellationToken cancellation) => sessions.UseAsync(
        connection => DatabaseReader.SequencesAsync(connection, cancellation),
        null,
        cancellation);

    public void Dispose() => sessions.Dispose();

    private Task<TableDigest> DigestAsync(TableModel table, string? where, CancellationToken cancellation) => sessions.UseAsync(
        async connection => (await PostgresRows.ListAsync(
            connection,
            PostgresStatements.Digest(table, where),
            PostgresStatements.ReadDigest,
            cancellation).ConfigureAwait(false))[0],
        table.Name,
        cancellation);
}
