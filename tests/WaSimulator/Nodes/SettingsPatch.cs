using System.Globalization;
using System.Text.Json.Nodes;
using WaSimulator.Api;

namespace WaSimulator.Nodes;

/// <summary>Checks what PATCH /v1/settings/application sends, and keeps the fields that the client knows.</summary>
internal static class SettingsPatch
{
    private static readonly string[] Concurrency = ["6", "12", "18", "24"];
    private static readonly string[] MediaTypes = ["audio", "document", "voice", "video", "image", "sticker"];

    private static readonly Dictionary<string, Func<string, JsonNode?, JsonNode>> Fields = new(StringComparer.Ordinal)
    {
        ["callback_persist"] = Flag,
        ["callback_backoff_delay_ms"] = Number,
        ["max_callback_backoff_delay_ms"] = Number,
        ["media"] = Media,
        ["webhooks"] = Webhooks,
        ["sent_status"] = Flag,
        ["pass_through"] = Flag,
        ["db_garbagecollector_enable"] = Flag,
        ["garbagecollector_enable"] = (name, value) => Flags(name, value, "media", "messages"),
        ["heartbeat_interval"] = Number,
        ["unhealthy_interval"] = Number,
        ["axolotl_context_striping_disabled"] = Flag,
        ["notify_user_change_number"] = Flag,
        ["show_security_notifications"] = Flag,
        ["verbose_logging"] = Flag,
        ["log_level"] = Any,
        ["on_call_pager"] = Any,
        ["webcallbacks"] = Any,
        ["contacts_api_rate_limit"] = Any,
        ["control_api_rate_limit"] = Any,
        ["healthcheck_api_rate_limit"] = Any,
        ["messaging_api_rate_limit"] = Any,
        ["contacts_scrape_rate_limit"] = Any,
        ["unique_message_sends_rate_limit"] = Any,
        ["allow_nonexistent_users"] = Flag,
        ["template_send_side_validation_disabled"] = Flag,
        ["axolotl_context_striping_logical_core_multiplier"] = Number,
    };

    /// <summary>The known fields in their stored form; 1009 when one is wrong or none is known.</summary>
    public static JsonObject Check(JsonObject body)
    {
        var result = new JsonObject();
        foreach (var (key, value) in body)
        {
            if (Fields.TryGetValue(key, out var check))
            {
                result[key] = check(key, value);
            }
        }

        return result.Count > 0 ? result : throw new ApiException(ApiErrors.ParameterInvalid, "No valid parameters provided");
    }

    private static JsonValue Flag(string name, JsonNode? value) =>
        value is JsonValue leaf && leaf.TryGetValue<bool>(out var flag) ? JsonValue.Create(flag) : throw ApiJson.Invalid(name, value);

    /// <summary>Documented as text in PATCH and as number in GET.</summary>
    private static JsonValue Number(string name, JsonNode? value)
    {
        if (value is JsonValue leaf)
        {
            if (leaf.TryGetValue<long>(out var number) && number >= 0)
            {
                return JsonValue.Create(number);
            }

            if (leaf.TryGetValue<string>(out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                return JsonValue.Create(number);
            }
        }

        throw ApiJson.Invalid(name, value);
    }

    private static JsonNode Any(string name, JsonNode? value) => value?.DeepClone() ?? throw ApiJson.Invalid(name, value);

    private static JsonObject Flags(string name, JsonNode? value, params string[] known)
    {
        var part = value as JsonObject ?? throw ApiJson.Invalid(name, value);
        var result = new JsonObject();
        foreach (var key in known.Where(part.ContainsKey))
        {
            result[key] = Flag($"{name}.{key}", part[key]);
        }

        return result;
    }

    private static JsonObject Media(string name, JsonNode? value)
    {
        if ((value as JsonObject)?["auto_download"] is not JsonArray list ||
            list.Any(item => item is not JsonValue leaf || !leaf.TryGetValue<string>(out var text) || !MediaTypes.Contains(text)))
        {
            throw ApiJson.Invalid(name + ".auto_download", value);
        }

        return new JsonObject { ["auto_download"] = list.DeepClone() };
    }

    private static JsonObject Webhooks(string name, JsonNode? value)
    {
        var part = value as JsonObject ?? throw ApiJson.Invalid(name, value);
        var result = new JsonObject();
        if (part.ContainsKey("url"))
        {
            result["url"] = Url(part["url"]);
        }

        if (part.ContainsKey("max_concurrent_requests"))
        {
            var number = Number("webhooks.max_concurrent_requests", part["max_concurrent_requests"]);
            if (!Concurrency.Contains(number.ToString()))
            {
                throw ApiJson.Invalid("webhooks.max_concurrent_requests", number);
            }

            result["max_concurrent_requests"] = number;
        }

        if (part.ContainsKey("message"))
        {
            result["message"] = Flags("webhooks.message", part["message"], "sent", "delivered", "read");
        }

        return result;
    }

    /// <summary>https only; an empty text turns the webhook off.</summary>
    private static JsonValue Url(JsonNode? value)
    {
        if (value is not JsonValue leaf || !leaf.TryGetValue<string>(out var text))
        {
            throw ApiJson.Invalid("webhooks.url", value);
        }

        var valid = text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == "https");
        return valid ? JsonValue.Create(text) : throw ApiJson.Invalid("webhooks.url", value);
    }
}
