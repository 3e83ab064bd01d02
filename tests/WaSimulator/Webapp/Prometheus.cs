using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace WaSimulator.Webapp;

/// <summary>Statistics in Prometheus' text form.</summary>
internal static class Prometheus
{
    public static string Text(JsonObject statistics, bool byNode)
    {
        var text = new StringBuilder();
        var metrics = new SortedDictionary<string, List<(string? Node, JsonObject Metric)>>(StringComparer.Ordinal);
        foreach (var (key, value) in statistics)
        {
            var set = byNode ? value as JsonObject ?? [] : new JsonObject { [key] = value?.DeepClone() };
            foreach (var (name, metric) in set.Where(pair => pair.Key != "errors" && pair.Value is JsonObject))
            {
                if (!metrics.TryGetValue(name, out var list))
                {
                    metrics[name] = list = [];
                }

                list.Add((byNode ? key : null, (JsonObject)metric!));
            }
        }

        foreach (var (name, list) in metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {list[0].Metric["help"]}\n# TYPE {name} {list[0].Metric["type"]}\n");
            foreach (var (node, metric) in list)
            {
                foreach (var point in metric["data"] as JsonArray ?? [])
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{Labels(node, point!["labels"] as JsonObject ?? [])} {point["value"]}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Labels(string? node, JsonObject labels)
    {
        var all = labels.Select(pair => $"{pair.Key}=\"{pair.Value}\"");
        var list = string.Join(",", node is null ? all : all.Prepend($"node=\"{node}\""));
        return list.Length == 0 ? "" : "{" + list + "}";
    }
}
