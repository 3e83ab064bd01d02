using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>What a client's nodes ask the service beside the long-lived connection. Number and secret prove who asks.</summary>
internal sealed class ClientApi(ServiceState state, ConnectionHub hub)
{
    private const string Blocked = "Unknown error: biz_link_on_prem_reg_blocked";

    private static readonly TimeSpan ShardChangeLimit = TimeSpan.FromDays(7);

    public void Map(RouteTable<Func<ApiCall, Task<ApiAnswer>>> routes)
    {
        routes.Add("POST", "/client/log", Synchronous(Log));
        routes.Add("POST", "/client/register", Synchronous(Register));
        routes.Add("POST", "/client/identity", Synchronous(Identity));
        routes.Add("POST", "/client/two-step", Synchronous(TwoStep));
        routes.Add("POST", "/client/shards", Synchronous(Shards));
        routes.Add("POST", "/client/profile/read", Synchronous(ReadProfile));
        routes.Add("POST", "/client/profile/write", Synchronous(WriteProfile));
    }

    private static Func<ApiCall, Task<ApiAnswer>> Synchronous(Func<ApiCall, ApiAnswer> answer) =>
        call => Task.FromResult(answer(call));

    private static ApiAnswer Done(JsonObject? content = null) => ApiAnswer.Json(200, content ?? []);

    private static ApiAnswer Denied(string reason) => ApiAnswer.Json(403, new JsonObject { ["error"] = reason });

    private ApiAnswer Log(ApiCall call)
    {
        foreach (var entry in JsonSerializer.Deserialize<List<LogEntry>>(call.Body, ApiJson.Options) ?? [])
        {
            state.Write(entry);
        }

        return Done();
    }

    private ApiAnswer Register(ApiCall call)
    {
        var wanted = ApiJson.Required(call.Json, "number");
        lock (state.Gate)
        {
            // On-premises registration is closed for good: whoever asks is counted and refused.
            if (state.Numbers.TryGetValue(wanted, out var number))
            {
                number.RegistrationAttempts++;
            }
        }

        state.Write(LogKinds.RegistrationBlocked, wanted, session: null, Blocked);
        return Denied(Blocked);
    }

    private ApiAnswer Identity(ApiCall call)
    {
        var key = ApiJson.Required(call.Json, "identityKey");
        var reason = ApiJson.Required(call.Json, "reason");
        return WithNumber(call, number =>
        {
            number.Upload(key, reason == "restore");
            state.Write(new LogEntry
            {
                At = state.Clock.Now,
                MonotonicMs = state.Clock.Monotonic,
                Kind = LogKinds.Identity,
                Number = number.Number,
                Client = ApiJson.Optional(call.Json, "client"),
                Detail = reason,
            });
            return Done(new JsonObject { ["shards"] = number.Shards });
        });
    }

    private ApiAnswer TwoStep(ApiCall call)
    {
        var pin = ApiJson.Optional(call.Json, "pin");
        return WithNumber(call, number =>
        {
            number.PinHash = pin is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(number.Number + pin));
            return Done();
        });
    }

    private ApiAnswer Shards(ApiCall call)
    {
        var shards = (int)call.Json["shards"]!;
        var certificate = ApiJson.Optional(call.Json, "cert");
        var pin = ApiJson.Optional(call.Json, "pin");
        return WithNumber(call, number =>
        {
            if (number.PinHash is { } hash &&
                (pin is null || !hash.AsSpan().SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(number.Number + pin)))))
            {
                return Denied("two-step verification pin is missing or wrong");
            }

            var late = state.Clock.Now - number.RegisteredAt > ShardChangeLimit;
            if (late || certificate != number.Certificate)
            {
                // Seven days after registering the call disconnects the number; a wrong certificate logs the client off.
                Remove(number, late ? "shards changed more than 7 days after registering" : "wrong certificate");
                return Denied("not registered");
            }

            number.Shards = shards;
            return Done();
        });
    }

    private ApiAnswer ReadProfile(ApiCall call) => WithNumber(call, number => Done(new JsonObject
    {
        ["business"] = number.BusinessProfile.DeepClone(),
        ["about"] = number.About,
        ["photo"] = number.Photo is null ? null : Convert.ToBase64String(number.Photo),
    }));

    private ApiAnswer WriteProfile(ApiCall call) => WithNumber(call, number =>
    {
        if (call.Json["business"] is JsonObject business)
        {
            number.BusinessProfile = (JsonObject)business.DeepClone();
        }

        number.About = ApiJson.Optional(call.Json, "about") ?? number.About;
        if (call.Json.ContainsKey("photo"))
        {
            number.Photo = ApiJson.Optional(call.Json, "photo") is { } photo ? Convert.FromBase64String(photo) : null;
        }

        return Done();
    });

    /// <summary>Takes a registration away.</summary>
    public void Remove(NumberRecord number, string reason)
    {
        number.Registered = false;
        number.Removed++;
        state.Write(LogKinds.Removed, number.Number, session: null, reason);
        hub.Drop(number, "not registered");
    }

    private ApiAnswer WithNumber(ApiCall call, Func<NumberRecord, ApiAnswer> work)
    {
        var wanted = ApiJson.Required(call.Json, "number");
        var secret = ApiJson.Required(call.Json, "secret");
        lock (state.Gate)
        {
            return state.Numbers.TryGetValue(wanted, out var number) && number.Registered &&
                CryptographicOperations.FixedTimeEquals(number.SecretHash, SHA256.HashData(Encoding.UTF8.GetBytes(secret)))
                ? work(number)
                : Denied("not registered");
        }
    }
}
