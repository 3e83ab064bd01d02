using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaLab;

/// <summary>Everything that a run could have changed: Docker hosts and the content of all databases of the lab.</summary>
/// <param name="Items">What is compared: a name to a state or digest.</param>
public sealed record LabSnapshot(IReadOnlyDictionary<string, string> Items)
{
    // A running client renews these by itself.
    private const string Volatile = @"clusterStore\.(node_heartbeat|cluster_state)$";

    /// <summary>One line for every difference; empty when nothing changed.</summary>
    /// <param name="later">A later snapshot.</param>
    /// <param name="except">Names to leave out, as a regular expression, beside what a running client renews by itself.</param>
    public IReadOnlyList<string> DifferencesTo(LabSnapshot later, string? except = null)
    {
        ArgumentNullException.ThrowIfNull(later);
        return
        [
            .. Items.Keys.Union(later.Items.Keys).Order(StringComparer.Ordinal)
                .Where(name => !Regex.IsMatch(name, Volatile) && (except is null || !Regex.IsMatch(name, except)))
                .Where(name => Items.GetValueOrDefault(name) != later.Items.GetValueOrDefault(name))
                .Select(name => $"{name}: {Items.GetValueOrDefault(name) ?? "(absent)"} -> {later.Items.GetValueOrDefault(name) ?? "(absent)"}"),
        ];
    }

    /// <summary>Puts every value of a JSON tree under its path.</summary>
    internal static void Flatten(string name, JsonNode? node, Dictionary<string, string> into)
    {
        switch (node)
        {
            case JsonObject branch when branch.Count > 0:
                foreach (var (key, value) in branch)
                {
                    Flatten($"{name}/{key}", value, into);
                }

                break;
            case JsonArray list when list.Count > 0:
                for (var index = 0; index < list.Count; index++)
                {
                    Flatten($"{name}/{index}", list[index], into);
                }

                break;
            default:
                into[name] = node?.ToJsonString() ?? "null";
                break;
        }
    }
}
