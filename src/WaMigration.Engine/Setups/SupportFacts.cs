using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Setups;

/// <summary>What <c>/v1/support</c> tells, from a single instance or from a map of nodes.</summary>
internal sealed record SupportFacts(
    string? PhoneNumber,
    bool SaysUnregistered,
    string? Version,
    string? DatabaseEngine,
    int? Shards,
    IReadOnlyList<SupportNode> Nodes)
{
    private const string Unregistered = "unregistered";

    internal static async Task<SupportFacts> ReadAsync(IWaApi api, CancellationToken cancellation) =>
        From(await api.GetSupportAsync(cancellation).ConfigureAwait(false));

    internal static SupportFacts From(JsonObject support)
    {
        var nodes = IsNode(support)
            ? [new SupportNode(string.Empty, support)]
            : support.Where(node => node.Value is JsonObject).Select(node => new SupportNode(node.Key, (JsonObject)node.Value!)).ToList();
        var said = nodes.Select(node => node.Fields.Text("debug_info")).Where(text => !string.IsNullOrWhiteSpace(text)).ToList();
        var number = said.Select(NumberOf).FirstOrDefault(text => text is not null);
        return new SupportFacts(
            number,
            number is null && said.Count > 0 && said.All(text => string.Equals(text, Unregistered, StringComparison.OrdinalIgnoreCase)),
            First(nodes, "version")?.TrimStart('v'),
            First(nodes, "db_engine"),
            ShardsOf(nodes),
            nodes);
    }

    /// <summary>Digits alone, as the API itself names a number (wa_id).</summary>
    internal static string? NumberOf(string? text)
    {
        var digits = new string([.. (text ?? string.Empty).Where(c => c is >= '0' and <= '9')]);
        return digits.Length >= 5 && text!.All(c => c is (>= '0' and <= '9') or '+' or ' ' or '-' or '(' or ')') ? digits : null;
    }

    private static bool IsNode(JsonObject support) => support["debug_info"] is JsonValue || support["version"] is JsonValue || support["context"] is JsonValue;

    private static string? First(List<SupportNode> nodes, string field) =>
        nodes.Select(node => node.Fields.Text(field)).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    /// <summary>Ranges of shards that the nodes own; -1 is the primary Master's own. Null where none are owned.</summary>
    private static int? ShardsOf(List<SupportNode> nodes)
    {
        var owned = new HashSet<int>();
        foreach (var range in nodes.SelectMany(node => node.Fields["shards"] as JsonArray ?? []).OfType<JsonArray>())
        {
            if (range is [JsonValue first, JsonValue last]
                && first.GetValueKind() == JsonValueKind.Number
                && last.GetValueKind() == JsonValueKind.Number)
            {
                owned.UnionWith(Enumerable.Range(first.GetValue<int>(), Math.Max(0, last.GetValue<int>() - first.GetValue<int>() + 1)).Where(shard => shard >= 0));
            }
        }

        return owned.Count == 0 ? null : owned.Count;
    }
}

/// <summary>One node in the answer; the name is empty for a single instance.</summary>
internal sealed record SupportNode(string Name, JsonObject Fields);
