using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Archives;

/// <summary>A line of progress.jsonl: a chunk whose file is on disk. Names of tables are not in it.</summary>
internal sealed record ArchiveChunkLine(string Path, Chunk Chunk, long Rows, long Bytes, TableDigest Digest, ArchiveFile File)
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter() } };
}
