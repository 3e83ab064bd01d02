using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>Sending, contacts and the collection of old messages: a Coreapp's.</summary>
internal sealed class MessageHandlers(CoreContext core, NodeState state, Messaging messaging, CallbackQueue callbacks, NodeApi api)
{
    private const int LongestText = 4096;

    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public void Map()
    {
        api.WhenReady("POST", "/v1/messages", SendAsync);
        api.WhenReady("POST", "/v1/contacts", ContactsAsync);
        api.WhenReady("PUT", "/v1/services/message/gc", CollectAsync);
    }

    private async Task<ApiAnswer> SendAsync(ApiCall call)
    {
        if (state.Registration is null)
        {
            throw new ApiException(ApiErrors.AccessDenied, "The client is not registered");
        }

        var recipient = ApiJson.Required(call.Json, "to");
        if (recipient.Length is < 5 or > 20 || !recipient.All(char.IsAsciiDigit))
        {
            throw ApiJson.Invalid("to", call.Json["to"]);
        }

        if (ApiJson.Optional(call.Json, "recipient_type") is { } kind && kind != "individual")
        {
            throw new ApiException(ApiErrors.InvalidRecipientType, $"recipient_type '{kind}'");
        }

        if (core.Environment.Multiconnect && state.SendingShard != Sharding.Of(recipient, state.Shards))
        {
            throw new ApiException(ApiErrors.NotPrimaryCoreapp, $"{core.Key} does not own the shard of this recipient");
        }

        var type = ApiJson.Optional(call.Json, "type") ?? "text";
        var payload = type switch
        {
            "text" => Text(call.Json),
            "template" => Template(call.Json),
            _ when MediaHandlers.IsKind(type) => await MediaHandlers.PayloadAsync(core, type, call.Json, call.Aborted),
            _ => throw ApiJson.Invalid("type", call.Json["type"]),
        };
        var id = await messaging.AcceptAsync(recipient, type, payload, call.Aborted);
        return api.Ok(new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["id"] = id }) }, 201);
    }

    private static JsonObject Text(JsonObject body)
    {
        if (body["text"] is not JsonObject text)
        {
            throw new ApiException(ApiErrors.ParameterMissing, "Missing mandatory parameter 'text'");
        }

        var content = ApiJson.Required(text, "body");
        if (content.Length == 0)
        {
            throw ApiJson.Invalid("text.body", text["body"]);
        }

        return content.Length <= LongestText
            ? new JsonObject { ["type"] = "text", ["text"] = new JsonObject { ["body"] = content } }
            : throw new ApiException(ApiErrors.MessageTooLong, $"Text has {content.Length} characters, {LongestText} are allowed");
    }

    private static JsonObject Template(JsonObject body)
    {
        if (body["template"] is not JsonObject template)
        {
            throw new ApiException(ApiErrors.ParameterMissing, "Missing mandatory parameter 'template'");
        }

        ApiJson.Required(template, "name");
        ApiJson.Required(template, "namespace");
        var language = template["language"] as JsonObject
            ?? throw new ApiException(ApiErrors.ParameterMissing, "Missing mandatory parameter 'template.language'");
        ApiJson.Required(language, "code");
        if (ApiJson.Required(language, "policy") != "deterministic")
        {
            throw ApiJson.Invalid("template.language.policy", language["policy"]);
        }

        return new JsonObject { ["type"] = "template", ["template"] = template.DeepClone() };
    }

    private async Task<ApiAnswer> ContactsAsync(ApiCall call)
    {
        if (state.Registration is null)
        {
            throw new ApiException(ApiErrors.AccessDenied, "The client is not registered");
        }

        var wait = ApiJson.Optional(call.Json, "blocking") ?? "no_wait";
        if (wait is not ("wait" or "no_wait"))
        {
            throw ApiJson.Invalid("blocking", call.Json["blocking"]);
        }

        var asked = call.Json["contacts"] as JsonArray
            ?? throw new ApiException(ApiErrors.ParameterMissing, "Missing mandatory parameter 'contacts'");
        // From v2.43 every number is said to be valid; before, only what looks like one, and later where nobody waits.
        var always = Version.Parse(core.Version) >= new Version(2, 43);
        var result = new JsonArray();
        foreach (var item in asked)
        {
            var input = item is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw ApiJson.Invalid("contacts", item);
            var digits = new string([.. input.Where(char.IsAsciiDigit)]);
            var contact = new JsonObject { ["input"] = input };
            if (!always && wait == "no_wait")
            {
                contact["status"] = "processing";
            }
            else if (always || digits.Length >= 7)
            {
                contact["status"] = "valid";
                contact["wa_id"] = digits;
                await core.Contacts.PutAsync(digits, call.Aborted);
            }
            else
            {
                contact["status"] = "invalid";
            }

            result.Add(contact);
        }

        return api.Ok(new JsonObject { ["contacts"] = result });
    }

    private async Task<ApiAnswer> CollectAsync(ApiCall call)
    {
        var limit = core.Clock.NowMilliseconds - (long)Keep.TotalMilliseconds;
        var deleted = await core.Messages.CollectAsync(limit, core.Node.Killed);
        await callbacks.AddAsync(
            $"gc-{Guid.NewGuid():N}",
            state.SendingShard ?? 0,
            new JsonObject
            {
                ["services"] = new JsonArray(new JsonObject
                {
                    ["message"] = new JsonObject
                    {
                        ["gc"] = new JsonObject { ["messages_deleted"] = deleted, ["status"] = "complete" },
                    },
                }),
            },
            call.Aborted);
        var status = new JsonObject { ["status"] = "processing" };
        return api.Ok(new JsonObject
        {
            ["services"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["gc"] = core.Environment.Multiconnect ? new JsonObject { [core.Key] = status } : status,
                },
            },
        });
    }
}
