using System.Globalization;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Nodes.Stores;
using WaSimulator.Storage;

namespace WaSimulator.Nodes;

/// <summary>What a node says of itself: health, support information, statistics. The Webapp puts the nodes together.</summary>
internal sealed class InfoHandlers(CoreContext core, NodeState state, Gateway gateway, ClusterAgent agent, CallbackQueue callbacks, NodeApi api)
{
    public void Map()
    {
        api.Always("GET", "/internal/health", _ => Task.FromResult(ApiAnswer.Json(200, Health())));
        api.Always("GET", "/health", _ => Task.FromResult(ApiAnswer.Json(200, Health())));
        api.Always("POST", "/internal/wake", _ => Task.FromResult(Wake()));
        api.Always("GET", "/internal/support", SupportAsync);
        api.Always("GET", "/internal/stats/app", _ => Task.FromResult(ApiAnswer.Json(200, AppStatistics())));
        api.Always("GET", "/internal/stats/db", DatabaseStatisticsAsync);
    }

    private JsonObject Health()
    {
        var health = new JsonObject { ["gateway_status"] = state.Status };
        if (core.Environment.Multiconnect)
        {
            health["role"] = state.Role;
        }

        return health;
    }

    private ApiAnswer Wake()
    {
        agent.Wake();
        return ApiAnswer.Empty(200);
    }

    private async Task<ApiAnswer> SupportAsync(ApiCall call)
    {
        if (!state.Loaded)
        {
            throw new ApiException(ApiErrors.NotReady, $"{core.Key} is not ready");
        }

        var schema = new JsonObject();
        foreach (var store in Schemas.Core(core.Version))
        {
            schema[store.Name.Replace("Store", "", StringComparison.Ordinal)] = store.Version;
        }

        var registration = state.Registration;
        var identityAt = registration is null ? 0 : await core.Keys.IdentityTimeAsync(call.Aborted);
        var support = new JsonObject
        {
            ["context"] = "support",
            ["db_engine"] = core.Environment.Engine,
            ["db_info"] = await core.Database.DescribeAsync(call.Aborted),
            ["debug_info"] = registration?.Number ?? "unregistered",
            ["description"] = "WhatsApp Business API client",
            ["device_iso8601"] = core.Clock.Now.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture),
            ["e2e"] = new JsonObject
            {
                ["identity_timestamp"] = identityAt / 1000,
                ["registration_id"] = registration?.RegistrationId ?? 0,
            },
            ["env"] = "production",
            ["expire_timestamp"] = core.Clock.Now.AddDays(180).ToUnixTimeSeconds(),
            ["free_space_data"] = 20_000_000_000,
            ["free_space_logs"] = 20_000_000_000,
            ["free_space_media_incoming"] = 20_000_000_000,
            ["free_space_media_outgoing"] = 20_000_000_000,
            ["lc"] = "US",
            ["lg"] = "en",
            ["multi_connect"] = core.Environment.Multiconnect,
            ["os_name"] = "Linux",
            ["os_version"] = Environment.OSVersion.VersionString,
            ["schema"] = schema,
            ["socket_conn"] = gateway.Status switch { "connected" => "UP", "connecting" => "SC", _ => "DN" },
            ["version"] = core.Version,
        };
        if (core.Environment.Multiconnect)
        {
            support["role"] = state.Role;
            support["shards"] = new JsonArray([.. state.OwnShards.Select(shard => (JsonNode)new JsonArray(shard, shard))]);
        }

        return ApiAnswer.Json(200, support);
    }

    private JsonObject AppStatistics() => new()
    {
        ["callback_queue_size"] = Metric("Callbacks held in memory", "gauge", callbacks.InMemory),
        ["callback_requests"] = Metric("Requests to the webhook", "counter", callbacks.Requests),
        ["endpoint_requests"] = Metric("Requests to this node", "counter", api.Requests),
    };

    private async Task<ApiAnswer> DatabaseStatisticsAsync(ApiCall call)
    {
        // In multiconnect the counts sit under the primary Master alone.
        if (!state.Loaded || !state.IsPrimary)
        {
            return ApiAnswer.Json(200, new JsonObject());
        }

        var (users, others) = await core.Contacts.CountAsync(call.Aborted);
        return ApiAnswer.Json(200, new JsonObject
        {
            ["db_contacts"] = new JsonObject
            {
                ["help"] = "Number of contacts",
                ["type"] = "gauge",
                ["data"] = new JsonArray(Value("whatsapp_user", users), Value("non_whatsapp_user", others)),
            },
            ["db_message_receipts"] = Metric("Number of message receipts", "gauge", await core.Messages.CountReceiptsAsync(call.Aborted)),
            ["db_messages"] = Metric("Number of messages", "gauge", await core.Messages.CountMessagesAsync(call.Aborted)),
            ["db_pending_callbacks"] = Metric("Number of callbacks to be sent", "gauge", await core.Callbacks.CountAsync(call.Aborted)),
            ["db_pending_messages"] = Metric("Number of messages to be sent", "gauge", await core.Messages.CountPendingAsync(call.Aborted)),
        });
    }

    private static JsonObject Value(string type, long value) => new()
    {
        ["labels"] = new JsonObject { ["type"] = type },
        ["value"] = value,
    };

    private static JsonObject Metric(string help, string type, long value) => new()
    {
        ["help"] = help,
        ["type"] = type,
        ["data"] = new JsonArray(new JsonObject { ["labels"] = new JsonObject(), ["value"] = value }),
    };
}
