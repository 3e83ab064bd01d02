using System.Text;
using System.Text.Json;
using WaMigration.Security;

namespace WaMigration.Databases.Archives;

/// <summary>
/// The progress.jsonl of an export that is under way: a line for each chunk whose file is on disk whole. An export that was
/// cut goes on from it; a finished one has none.
/// </summary>
internal sealed class ArchiveProgress
{
    private readonly object gate = new();
    private readonly string path;
    private readonly Dictionary<string, ArchiveChunkLine> before;

    private ArchiveProgress(string path, Dictionary<string, ArchiveChunkLine> before) => (this.path, this.before) = (path, before);

    internal static ArchiveProgress Open(ArchiveFolder folder)
    {
        var path = Path.Combine(folder.Root, ArchiveFolder.ProgressName);
        var before = new Dictionary<string, ArchiveChunkLine>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            PrivateFiles.Replace(path, []);
            return new ArchiveProgress(path, before);
        }

        foreach (var text in File.ReadAllLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<ArchiveChunkLine>(text, ArchiveChunkLine.Json) is { } line)
                {
                    before[line.Path] = line;
                }
            }
            catch (JsonException)
            {
                // The line that was being written when the run was cut: its chunk is written again.
                continue;
            }
        }

        return new ArchiveProgress(path, before);
    }

    /// <summary>What an earlier run wrote at that path of the archive; null where it did not.</summary>
    internal ArchiveChunkLine? Find(string chunk) => before.TryGetValue(chunk, out var line) ? line : null;

    /// <summary>A chunk is on disk. Fails with ArchiveWriteFailed.</summary>
    internal void Add(ArchiveChunkLine line)
    {
        var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, ArchiveChunkLine.Json) + "\n");
        try
        {
            lock (gate)
            {
                using var file = PrivateFiles.Open(path, FileMode.Append, FileAccess.Write, FileShare.Read);
                file.Write(bytes, 0, bytes.Length);
                file.Flush(flushToDisk: true);
            }
        }
        catch (IOException failure)
        {
            throw ArchiveErrors.ArchiveWriteFailed.Error(path, failure, [], failure.Message);
        }
    }

    /// <summary>The export is whole.</summary>
    internal void Delete() => File.Delete(path);
}
