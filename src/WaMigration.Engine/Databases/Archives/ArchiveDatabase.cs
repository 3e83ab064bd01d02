using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Archives;

/// <summary>One database of an archive.</summary>
/// <param name="Folder">Its folder, e.g. d01.</param>
/// <param name="Model">Everything but the rows.</param>
/// <param name="Tables">The rows.</param>
/// <param name="Excluded">Tables whose rows stayed behind.</param>
internal sealed record ArchiveDatabase(string Folder, DatabaseModel Model, IReadOnlyList<ArchiveTable> Tables, IReadOnlyList<string> Excluded);

/// <summary>The rows of a table in an archive.</summary>
internal sealed record ArchiveTable(string Name, string Folder, IReadOnlyList<ArchiveChunk> Chunks);

/// <summary>A part of a table in an archive.</summary>
internal sealed record ArchiveChunk(string Path, Chunk Chunk, long Rows, long Bytes, TableDigest Digest);

/// <summary>A file of an archive.</summary>
internal sealed record ArchiveFile(string Path, long Length, string Sha256);
