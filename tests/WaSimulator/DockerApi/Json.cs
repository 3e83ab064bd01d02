using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>Short ways to build and read the engine's JSON.</summary>
internal static class Json
{
    public static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(v => (JsonNode?)JsonValue.Create(v))];

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)JsonValue.Create(v.Value))));

    /// <summary>The engine writes sets as objects with empty objects in them.</summary>
    public static JsonObject EmptyObjects(IEnumerable<string> keys) =>
        new(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject())));

    public static JsonArray Array(IEnumerable<JsonNode?> values) => [.. values];

    public static JsonObject? Object(JsonNode? parent, string name) => (parent as JsonObject)?[name] as JsonObject;

    public static string? Text(JsonNode? parent, string name) =>
        (parent as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Flag(JsonNode? parent, string name) =>
        (parent as JsonObject)?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static long Number(JsonNode? parent, string name) =>
        (parent as JsonObject)?[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;

    public static IReadOnlyList<string> Texts(JsonNode? parent, string name) =>
        (parent as JsonObject)?[name] is JsonArray array
            ? [.. array.OfType<JsonValue>().Select(v => v.GetValue<string>())]
            : [];

    public static Dictionary<string, string> Texts(JsonObject? map) => map is null
        ? []
        : map.ToDictionary(p => p.Key, p => p.Value is JsonValue v && v.TryGetValue<string>(out var text) ? text : "");
}
