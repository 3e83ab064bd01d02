using System.Text.Json.Nodes;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>The journal of a migration, read as anybody may read it: one JSON object a line.</summary>
internal static class JournalEvents
{
    internal static IReadOnlyList<(string Kind, string Setup, DateTimeOffset At)> Read(string folder) =>
    [
        .. Lines(Path.Combine(folder, "events.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Select(line => ((string)line["kind"]!, (string?)line["setup"] ?? "", (DateTimeOffset)line["at"]!)),
    ];

    /// <summary>Whole lines, of a file that may be written to.</summary>
    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
