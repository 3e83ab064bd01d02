using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Nodes.Stores;

namespace WaSimulator.Nodes;

/// <summary>Registration (closed by the vendor), shards, two-step verification, webhook CA.</summary>
internal sealed class AccountHandlers(CoreContext core, NodeState state, NodeApi api)
{
    private static readonly int[] ShardCounts = [1, 2, 4, 8, 16, 32];

    public void Map()
    {
        api.AsPrimary("POST", "/v1/account", RegisterAsync);
        api.AsPrimary("POST", "/v1/account/verify", VerifyAsync);
        api.AsPrimary("GET", "/v1/account/shards", GetShardsAsync);
        api.AsPrimary("POST", "/v1/account/shards", SetShardsAsync);
        api.WhenReady("POST", "/v1/settings/account/two-step", EnableTwoStepAsync);
        api.WhenReady("DELETE", "/v1/settings/account/two-step", DisableTwoStepAsync);
        api.AsPrimary("GET", "/v1/certificates/webhooks/ca", GetCaAsync);
        api.AsPrimary("POST", "/v1/certificates/webhooks/ca", SetCaAsync);
        api.AsPrimary("DELETE", "/v1/certificates/webhooks/ca", DeleteCaAsync);
    }

    private async Task<ApiAnswer> RegisterAsync(ApiCall call)
    {
        var number = ApiJson.Required(call.Json, "cc") + ApiJson.Required(call.Json, "phone_number");
        if (ApiJson.Required(call.Json, "method") is not ("sms" or "voice"))
        {
            throw ApiJson.Invalid("method", call.Json["method"]);
        }

        ApiJson.Required(call.Json, "cert");
        if (await core.Config.RegistrationAsync(call.Aborted) is { } registration && registration.Number == number)
        {
            return api.Ok(new JsonObject { ["account"] = new JsonArray(new JsonObject { ["vname"] = registration.Name }) }, 201);
        }

        await core.Service.RegisterAsync(number, call.Aborted);
        return api.Ok(new JsonObject { ["account"] = new JsonArray() }, 202);
    }

    private async Task<ApiAnswer> VerifyAsync(ApiCall call)
    {
        ApiJson.Required(call.Json, "code");
        var registration = await core.Config.RegistrationAsync(call.Aborted);
        await core.Service.RegisterAsync(registration?.Number ?? "unregistered", call.Aborted);
        return api.Ok([], 201);
    }

    private async Task<ApiAnswer> GetShardsAsync(ApiCall call)
    {
        if (!core.Environment.ShardsReadableUnregistered && await core.Config.RegistrationAsync(call.Aborted) is null)
        {
            throw new ApiException(ApiErrors.Internal, "The client is not registered");
        }

        return api.Ok(new JsonObject { ["account"] = new JsonObject { ["shards"] = state.Shards } });
    }

    private async Task<ApiAnswer> SetShardsAsync(ApiCall call)
    {
        var number = ApiJson.Required(call.Json, "cc") + ApiJson.Required(call.Json, "phone_number");
        if (call.Json["shards"] is not JsonValue value || !value.TryGetValue<int>(out var shards) || !ShardCounts.Contains(shards))
        {
            throw ApiJson.Invalid("shards", call.Json["shards"]);
        }

        if (System.Version.Parse(core.Version) >= new Version(2, 45))
        {
            ApiJson.Required(call.Json, "cert");
        }

        var registration = await RegistrationAsync(call.Aborted);
        if (registration.Number != number)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "Another number is registered");
        }

        await core.Service.CallAsync(
            "client/shards",
            registration,
            new JsonObject
            {
                ["shards"] = shards,
                ["cert"] = ApiJson.Optional(call.Json, "cert"),
                ["pin"] = ApiJson.Optional(call.Json, "pin"),
            },
            call.Aborted);
        await core.Config.Store.ExecuteAsync("update registration set shards = @shards where id = 1", call.Aborted, ("shards", shards));
        await core.Cluster.PutInfoAsync(
            new ClusterInfo(core.Hostname, core.Port, "registered", shards, shards), call.Aborted);
        await ClusterStore.PutStateAsync(core.Cluster.Store, ClusterKeys.Epoch, Guid.NewGuid().ToString("N")[..12], call.Aborted);
        return api.Ok([], 201);
    }

    private async Task<ApiAnswer> EnableTwoStepAsync(ApiCall call)
    {
        var pin = ApiJson.Required(call.Json, "pin");
        if (pin.Length == 0)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "Pin must not be empty");
        }

        if (pin.Length != 6 || !pin.All(char.IsAsciiDigit))
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "Pin must have six digits");
        }

        await core.Service.CallAsync(
            "client/two-step", await RegistrationAsync(call.Aborted), new JsonObject { ["pin"] = pin }, call.Aborted);
        return api.Written();
    }

    private async Task<ApiAnswer> DisableTwoStepAsync(ApiCall call)
    {
        await core.Service.CallAsync("client/two-step", await RegistrationAsync(call.Aborted), [], call.Aborted);
        return api.Written();
    }

    private async Task<ApiAnswer> GetCaAsync(ApiCall call) =>
        await core.Config.WebhookCaAsync(call.Aborted) is { } pem
            ? ApiAnswer.Text(200, "text/plain", pem)
            : ApiAnswer.Empty(404);

    private async Task<ApiAnswer> SetCaAsync(ApiCall call)
    {
        var pem = PemText.Certificates(call.Body, "webhook CA");
        await core.Config.PutWebhookCaAsync(pem, call.Aborted);
        return api.Written();
    }

    private async Task<ApiAnswer> DeleteCaAsync(ApiCall call)
    {
        await core.Config.DeleteWebhookCaAsync(call.Aborted);
        return api.Written();
    }

    private async Task<Registration> RegistrationAsync(CancellationToken cancellationToken) =>
        await core.Config.RegistrationAsync(cancellationToken)
            ?? throw new ApiException(ApiErrors.Internal, "The client is not registered");
}
