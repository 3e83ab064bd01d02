using System.Globalization;
using System.Text.Json.Nodes;

namespace WaSimulator.Nodes;

/// <summary>The application settings: defaults of the version, overlaid by what was set.</summary>
internal sealed class AppSettings
{
    private readonly JsonObject merged;

    private AppSettings(JsonObject merged) => this.merged = merged;

    public bool CallbackPersist => Flag(merged["callback_persist"], otherwise: true);

    public TimeSpan CallbackBackoff => Milliseconds("callback_backoff_delay_ms", 3000);

    public TimeSpan CallbackBackoffLimit => Milliseconds("max_callback_backoff_delay_ms", 900_000);

    public TimeSpan Heartbeat => TimeSpan.FromSeconds(Number(merged["heartbeat_interval"], 5));

    public TimeSpan Unhealthy => TimeSpan.FromSeconds(Number(merged["unhealthy_interval"], 30));

    public int MaxConcurrentRequests => (int)Number(merged["webhooks"]?["max_concurrent_requests"], 6);

    public Uri? WebhookUrl => (string?)merged["webhooks"]?["url"] is { Length: > 0 } url ? new Uri(url) : null;

    /// <summary>Whether media of this kind is downloaded by itself.</summary>
    public bool Downloads(string kind) =>
        merged["media"]?["auto_download"] is JsonArray kinds && kinds.Any(one => (string?)one == kind);

    public static AppSettings From(JsonObject stored, string version, string? number)
    {
        var whole = Defaults(System.Version.Parse(version));
        foreach (var (key, value) in stored)
        {
            Overlay(whole, key, value);
        }

        if (number is not null)
        {
            whole["wa_id"] = number;
        }

        return new AppSettings(whole);
    }

    /// <summary>As GET answers them, in the documented order of names.</summary>
    public JsonObject ToJson() => (JsonObject)merged.DeepClone();

    /// <summary>Whether a status of this kind is sent to the webhook; failures always are.</summary>
    public bool Wants(string status) => status switch
    {
        "sent" or "delivered" or "read" when merged["webhooks"]?["message"] is JsonObject message => Flag(message[status], otherwise: false),
        "sent" => Flag(merged["sent_status"], otherwise: false),
        _ => true,
    };

    /// <summary>The stored fields with a patch laid over: objects are merged, all else is replaced.</summary>
    public static JsonObject Patch(JsonObject stored, JsonObject patch)
    {
        var result = (JsonObject)stored.DeepClone();
        foreach (var (key, value) in patch)
        {
            Overlay(result, key, value);
        }

        return result;
    }

    private static void Overlay(JsonObject target, string key, JsonNode? value)
    {
        if (value is JsonObject part && target[key] is JsonObject before)
        {
            foreach (var (name, inner) in part)
            {
                Overlay(before, name, inner);
            }
        }
        else
        {
            target[key] = value?.DeepClone();
        }
    }

    private static JsonObject Defaults(Version version)
    {
        var webhooks = new JsonObject { ["url"] = "", ["max_concurrent_requests"] = 6 };
        var settings = new JsonObject
        {
            ["callback_backoff_delay_ms"] = 3000,
            ["callback_persist"] = true,
            ["heartbeat_interval"] = 5,
            ["max_callback_backoff_delay_ms"] = 900_000,
            ["media"] = new JsonObject { ["auto_download"] = new JsonArray("image", "video", "voice", "sticker", "audio", "document") },
            ["notify_user_change_number"] = true,
            ["show_security_notifications"] = true,
            ["unhealthy_interval"] = 30,
            ["webhooks"] = webhooks,
        };
        if (version >= new Version(2, 41, 2))
        {
            webhooks["message"] = new JsonObject { ["sent"] = false, ["delivered"] = true, ["read"] = true };
        }
        else
        {
            settings["sent_status"] = false;
        }

        if (version >= new Version(2, 53))
        {
            settings["garbagecollector_enable"] = new JsonObject { ["media"] = false, ["messages"] = true };
            settings["verbose_logging"] = false;
            settings["log_level"] = "info";
        }
        else
        {
            settings["db_garbagecollector_enable"] = true;
            settings["pass_through"] = version < new Version(2, 35);
        }

        return settings;
    }

    private static bool Flag(JsonNode? node, bool otherwise) =>
        node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    /// <summary>A number that was written as a number or as text.</summary>
    private static double Number(JsonNode? node, double otherwise) =>
        double.TryParse(node?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private TimeSpan Milliseconds(string field, double otherwise) => TimeSpan.FromMilliseconds(Number(merged[field], otherwise));
}
