using System.Text.Json.Nodes;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>The journal of a migration, read as anybody may read it: one JSON object a line.</summary>
internal static class JournalEvents
{
    internal static IReadOnlyList<(string Kind, string Setup, DateTimeOffset At)> Read(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "events.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Select(line => ((string)line["kind"]!, (string?)line["setup"] ?? "", (DateTimeOffset)line["at"]!)),
    ];
}
