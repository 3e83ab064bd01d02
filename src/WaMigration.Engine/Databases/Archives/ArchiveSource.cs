using WaMigration.Databases.Copying;
using WaMigration.Databases.Utilities;

namespace WaMigration.Databases.Archives;

/// <summary>A database in an archive, as something that is read.</summary>
internal sealed class ArchiveSource(ArchiveFolder folder, ArchiveManifest manifest, ArchiveDatabase database) : ICopySource
{
    private readonly Dictionary<string, ArchiveTable> tables = database.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, ArchiveFile> files = manifest.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>Its folder in the archive.</summary>
    private string Folder => database.Folder;

    public ServerFacts Server => manifest.Server;

    public DatabaseModel Model => database.Model;

    public string? Cut => manifest.Cut;

    /// <summary>Chunks lie in an archive by pages, not by keys.</summary>
    public IRowParts? Parts => null;

    /// <summary>Reads the dump that a tool wrote.</summary>
    internal Task ReadDumpAsync(Func<byte[], int, Task> write, CancellationToken cancellation) =>
        folder.ReadAsync(Folder + UtilityExporter.DumpName, files[folder.Stored(Folder + UtilityExporter.DumpName)], write, cancellation);

    public IReadOnlyList<Chunk> Plan(TableModel table) => [.. Chunks(table).Select(chunk => chunk.Chunk)];

    public ChunkFormat FormatFor(TableModel table, ServerFacts target) => ChunkFormat.Text;

    public async Task<ChunkResult> ReadAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation)
    {
        var stored = Chunks(table).Single(one => one.Chunk.Number == chunk.Number);
        var bytes = await folder.ReadAsync(stored.Path, files[folder.Stored(stored.Path)], write, cancellation).ConfigureAwait(false);
        return bytes == stored.Bytes
            ? new ChunkResult(stored.Rows, bytes)
            : throw ArchiveErrors.ArchiveDamaged.Error(folder.FullPath(folder.Stored(stored.Path)), null, [], DatabaseText.Catalog["ArchiveOtherContent"]);
    }

    public Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation) =>
        Task.FromResult(Chunks(table).Aggregate(TableDigest.Empty, (sum, chunk) => sum.Plus(chunk.Digest)));

    public Task<TableDigest> DigestAsync(TableModel table, Chunk chunk, CancellationToken cancellation) =>
        Task.FromResult(Chunks(table).Single(one => one.Chunk.Number == chunk.Number).Digest);

    public Task<IReadOnlyList<CounterPosition>> SequencesAsync(CancellationToken cancellation) => Task.FromResult(database.Model.Sequences);

    public void Dispose()
    {
        // The files are opened one by one, and closed where they are read.
    }

    private IReadOnlyList<ArchiveChunk> Chunks(TableModel table) => tables.TryGetValue(table.Name, out var known) ? known.Chunks : [];
}
