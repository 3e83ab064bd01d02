using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>What a bearer token says of itself, where it is a JWT. Nothing is proved by it: only the client can tell.</summary>
internal static class JsonWebToken
{
    /// <summary>The claim exp; null where the token is no JWT or has none.</summary>
    internal static DateTimeOffset? ExpiryOf(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            var payload = parts[1].Replace('-', '+').Replace('_', '/');
            var json = Encoding.UTF8.GetString(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')));
            return (JsonNode.Parse(json) as JsonObject)?["exp"] is JsonValue value && value.TryGetValue<double>(out var seconds) && !double.IsNaN(seconds)
                ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
                : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or ArgumentException)
        {
            return null;
        }
    }
}
