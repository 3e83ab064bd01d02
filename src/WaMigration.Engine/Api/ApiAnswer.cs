using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>An answer that is no error. Writes may answer <c>null</c>, <c>{}</c>, nothing or only <c>meta</c>.</summary>
internal sealed class ApiAnswer
{
    private ApiAnswer(int status, string text, JsonNode? json, bool isUnderstood)
    {
        Status = status;
        Text = text;
        Json = json;
        IsUnderstood = isUnderstood;
    }

    internal int Status { get; }

    internal string Text { get; }

    internal JsonNode? Json { get; }

    /// <summary>Empty or JSON. A page of a proxy with status 200 is not understood.</summary>
    internal bool IsUnderstood { get; }

    internal string? Version => (Json as JsonObject)?["meta"] is JsonObject meta ? meta.Text("version")?.TrimStart('v') : null;

    internal static ApiAnswer From(int status, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ApiAnswer(status, text, null, true);
        }

        try
        {
            return new ApiAnswer(status, text, JsonNode.Parse(text), true);
        }
        catch (JsonException)
        {
            return new ApiAnswer(status, text, null, false);
        }
    }
}
