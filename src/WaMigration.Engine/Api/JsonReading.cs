using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>Reads values from answers whose types differ by client version (numbers as text and the reverse).</summary>
internal static class JsonReading
{
    /// <summary>The property as text; null where it is missing, null, an object or an array.</summary>
    internal static string? Text(this JsonObject json, string name) => json[name].Text();

    internal static string? Text(this JsonNode? node) => node is not JsonValue value
        ? null
        : value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => value.ToJsonString(),
        };

    internal static int? Number(this JsonObject json, string name) =>
        int.TryParse(json.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal static bool? Flag(this JsonObject json, string name) => bool.TryParse(json.Text(name), out var flag) ? flag : null;

    internal static JsonObject? Object(this JsonObject json, string name) => json[name] as JsonObject;
}
