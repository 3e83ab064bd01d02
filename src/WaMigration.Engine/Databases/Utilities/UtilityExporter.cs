using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Utilities;

/// <summary>Writes the dump of each database into an archive, with the digests of all its tables beside it.</summary>
internal sealed class UtilityExporter(ArchiveFolder folder, int level, IUtility dumping, Operation operation)
{
    /// <summary>What a dump is called in its database's folder.</summary>
    internal const string DumpName = "/dump.zst";

    /// <summary>Nothing of another kind of export may lie in the folder.</summary>
    internal static void RequireAlone(string path)
    {
        var other = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .FirstOrDefault(file => Path.GetFileName(file) != ArchiveFolder.ProgressName && !Path.GetFileName(file).StartsWith("dump.zst", StringComparison.Ordinal));
        if (other is not null)
        {
            throw ArchiveErrors.ArchiveFolderNotEmpty.Error(path);
        }
    }

    internal async Task<(ArchiveDatabase Database, ArchiveFile File, IReadOnlyList<WaTableCopy> Tables)> RunAsync(ICopySource source, string database, CopyProgress progress)
    {
        var path = database + DumpName;
        var file = await folder.WriteAsync(path, compress: true, level, write => UtilityCopier.DumpAsync(
            dumping,
            source,
            async (block, count) =>
            {
                await write(block, count).ConfigureAwait(false);
                progress.ChunkDone(count, 0);
                progress.Moved(count, source.Model.Name);
            },
            operation)).ConfigureAwait(false);

        var tables = new List<WaTableCopy>();
        var archived = new List<ArchiveTable>();
        foreach (var table in source.Model.Tables)
        {
            var digest = await source.DigestAsync(table, operation.Cancellation).ConfigureAwait(false);
            progress.Tell(source.Model.Name + " " + table.Name);
            archived.Add(new ArchiveTable(table.Name, database, [new ArchiveChunk(path, new Chunk(0, 0, null, table.Bytes), digest.Rows, table.Bytes, digest)]));
            tables.Add(new WaTableCopy { Database = source.Model.Name, Table = table.Name, Rows = digest.Rows, Bytes = table.Bytes, Digest = digest.Text, State = WaTableState.Copied });
        }

        var positions = await source.SequencesAsync(operation.Cancellation).ConfigureAwait(false);
        return (new ArchiveDatabase(database, source.Model with { Sequences = positions }, archived.ToArray(), []), file, tables);
    }
}
