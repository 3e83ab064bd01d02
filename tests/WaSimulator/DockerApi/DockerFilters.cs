using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>The filters parameter: names to wanted values, as lists or as the engine's older sets.</summary>
internal sealed class DockerFilters
{
    private readonly Dictionary<string, IReadOnlyList<string>> _values = new(StringComparer.Ordinal);

    public static DockerFilters Read(DockerCall call, params string[] known)
    {
        var filters = new DockerFilters();
        if (call.Query("filters") is not { Length: > 0 } text)
        {
            return filters;
        }

        JsonObject? parsed;
        try
        {
            parsed = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            throw DockerError.BadParameter("invalid filter");
        }

        foreach (var (name, value) in parsed ?? [])
        {
            if (!known.Contains(name))
            {
                throw DockerError.BadParameter($"Invalid filter '{name}'");
            }

            filters._values[name] = value switch
            {
                JsonArray list => [.. list.Select(v => v?.ToString() ?? "")],
                JsonObject set => [.. set.Where(v => v.Value is JsonValue flag && flag.TryGetValue<bool>(out var on) && on).Select(v => v.Key)],
                _ => throw DockerError.BadParameter("invalid filter"),
            };
        }

        return filters;
    }

    public bool Has(string name) => _values.TryGetValue(name, out var wanted) && wanted.Count > 0;

    public IReadOnlyList<string> Values(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>True when nothing is wanted, or one of the wanted values fits.</summary>
    public bool Any(string name, Func<string, bool> fits) => !Has(name) || _values[name].Any(fits);

    /// <summary>Labels must all fit: a name alone, or name=value.</summary>
    public bool Labels(IReadOnlyDictionary<string, string> labels) => !Has("label") || _values["label"].All(wanted =>
    {
        var equals = wanted.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(wanted)
            : labels.TryGetValue(wanted[..equals], out var value) && value == wanted[(equals + 1)..];
    });
}
