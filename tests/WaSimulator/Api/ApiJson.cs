using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace WaSimulator.Api;

/// <summary>JSON as the client writes it, and strict reads of request bodies.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The body as an object; 1025 when it is not one.</summary>
    public static JsonObject Object(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(body) as JsonObject
                ?? throw new ApiException(ApiErrors.RequestInvalid, "The body must be a JSON object");
        }
        catch (JsonException)
        {
            throw new ApiException(ApiErrors.RequestInvalid, "The body is not valid JSON");
        }
    }

    /// <summary>A text that must be there; 1008 when it is missing, 1009 when it is no text.</summary>
    public static string Required(JsonObject body, string name)
    {
        if (!body.TryGetPropertyValue(name, out var value) || value is null)
        {
            throw new ApiException(ApiErrors.ParameterMissing, $"Missing mandatory parameter '{name}'");
        }

        return Text(value, name);
    }

    public static string? Optional(JsonObject body, string name) =>
        body.TryGetPropertyValue(name, out var value) && value is not null ? Text(value, name) : null;

    public static ApiException Invalid(string name, JsonNode? value) =>
        new(ApiErrors.ParameterInvalid, $"Parameter '{name}' has invalid value '{value?.ToJsonString(Options)}'");

    private static string Text(JsonNode value, string name) =>
        value is JsonValue leaf && leaf.TryGetValue<string>(out var text) ? text : throw Invalid(name, value);
}
