using System.Globalization;
using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Setups.Information;

/// <summary>Statistics and support information as flat objects, single instance and multiconnect alike.</summary>
internal static class Statistics
{
    internal const string Receipts = "db_message_receipts";
    private const string Values = "data";

    internal static async Task<IReadOnlyList<WaStatistic>> GetAsync(WaSetup setup, string area, Operation operation)
    {
        var answer = await setup.Api(operation).GetStatisticsAsync(area.ToLowerInvariant(), operation.Cancellation).ConfigureAwait(false);
        return Flatten(setup.Name, area, answer).ToList();
    }

    internal static IEnumerable<WaStatistic> Flatten(string setup, string area, JsonObject answer) => answer
        .Where(entry => entry.Value is JsonObject)
        .SelectMany(entry => IsMetric(entry.Value!)
            ? Flatten(setup, area, string.Empty, entry.Key, (JsonObject)entry.Value!)
            : ((JsonObject)entry.Value!)
                .Where(metric => metric.Value is JsonObject && IsMetric(metric.Value))
                .SelectMany(metric => Flatten(setup, area, entry.Key, metric.Key, (JsonObject)metric.Value!)));

    /// <summary>One bag of fields for each node.</summary>
    internal static async Task<IReadOnlyList<(string Node, IReadOnlyDictionary<string, object?> Fields)>> GetSupportAsync(WaSetup setup, Operation operation)
    {
        var facts = await SupportFacts.ReadAsync(setup.Api(operation), operation.Cancellation).ConfigureAwait(false);
        return facts.Nodes.Select(node => (node.Name, PlainData.From(node.Fields))).ToList();
    }

    /// <summary>The receipts that a client has counted; null where it does not tell.</summary>
    internal static async Task<long?> ReceiptsAsync(WaSetup setup, Operation operation)
    {
        try
        {
            return Sum(await GetAsync(setup, "Db", operation).ConfigureAwait(false), Receipts);
        }
        catch (WaException failure)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }

    /// <summary>One metric of all nodes together.</summary>
    internal static long Sum(IReadOnlyList<WaStatistic> statistics, string name) => statistics
        .Where(statistic => statistic.Name == name)
        .Sum(statistic => long.TryParse(Convert.ToString(statistic.Value, CultureInfo.InvariantCulture), NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : 0);

    private static bool IsMetric(JsonNode node) => node is JsonObject metric && metric[Values] is JsonArray;

    private static IEnumerable<WaStatistic> Flatten(string setup, string area, string node, string name, JsonObject metric) =>
        ((JsonArray)metric[Values]!).OfType<JsonObject>().Select(item => new WaStatistic(
            setup,
            area,
            node,
            name,
            metric.Text("type") ?? string.Empty,
            string.Join(", ", (item.Object("labels") ?? []).Select(label => label.Key + "=" + label.Value.Text())),
            PlainData.From(item["value"]),
            metric.Text("help") ?? string.Empty));
}
