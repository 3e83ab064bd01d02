using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Nodes.Stores;

namespace WaSimulator.Nodes;

/// <summary>Application settings, backup, restore, media providers: the primary Master's.</summary>
internal sealed class SettingsHandlers(CoreContext core, ClusterAgent agent, MasterDuties duties, Registrar registrar, NodeApi api)
{
    private static readonly string[] ProviderTypes = ["www"];

    public void Map()
    {
        api.AsPrimary("GET", "/v1/settings/application", GetAsync);
        api.AsPrimary("PATCH", "/v1/settings/application", PatchAsync);
        api.AsPrimary("DELETE", "/v1/settings/application", ResetAsync);
        api.AsPrimary("POST", "/v1/settings/backup", BackupAsync);
        api.AsPrimary("POST", "/v1/settings/restore", RestoreAsync);
        api.AsPrimary("GET", "/v1/settings/application/media/providers", ProvidersAsync);
        api.AsPrimary("POST", "/v1/settings/application/media/providers", PutProviderAsync);
        api.AsPrimary("DELETE", "/v1/settings/application/media/providers/{name}", DeleteProviderAsync);
    }

    private async Task<ApiAnswer> GetAsync(ApiCall call)
    {
        var registration = await core.Config.RegistrationAsync(call.Aborted);
        var settings = AppSettings.From(await core.Config.SettingsAsync(call.Aborted), core.Version, registration?.Number);
        return api.Ok(new JsonObject { ["settings"] = new JsonObject { ["application"] = settings.ToJson() } });
    }

    private async Task<ApiAnswer> PatchAsync(ApiCall call)
    {
        var patch = SettingsPatch.Check(call.Json);
        var stored = await core.Config.SettingsAsync(call.Aborted);
        await core.Config.PutSettingsAsync(AppSettings.Patch(stored, patch), call.Aborted);
        await SpreadAsync(call.Aborted);
        return api.Written();
    }

    private async Task<ApiAnswer> ResetAsync(ApiCall call)
    {
        await core.Config.ResetSettingsAsync(call.Aborted);
        await SpreadAsync(call.Aborted);
        return api.Written();
    }

    /// <summary>Every node reads the settings anew.</summary>
    private async Task SpreadAsync(CancellationToken cancellationToken)
    {
        await ClusterStore.PutStateAsync(core.Cluster.Store, ClusterKeys.Settings, Guid.NewGuid().ToString("N")[..12], cancellationToken);
        await duties.WakeAllAsync(cancellationToken);
        agent.Wake();
    }

    private async Task<ApiAnswer> BackupAsync(ApiCall call)
    {
        RefuseSandbox();
        var password = ApiJson.Required(call.Json, "password");
        var data = await registrar.BackupAsync(password, call.Aborted);
        return api.Ok(new JsonObject { ["settings"] = new JsonObject { ["data"] = data } });
    }

    private async Task<ApiAnswer> RestoreAsync(ApiCall call)
    {
        RefuseSandbox();
        var password = ApiJson.Required(call.Json, "password");
        var data = ApiJson.Required(call.Json, "data");
        // Not tied to the caller: what a restore began it ends, even when nobody waits for its answer any more.
        await registrar.RestoreAsync(data, password, core.Node.Killed);
        return api.Written();
    }

    private void RefuseSandbox()
    {
        if (core.Environment.Sandbox)
        {
            throw new ApiException(ApiErrors.AccessDenied, "Certain operations are not allowed in sandbox mode");
        }
    }

    private async Task<ApiAnswer> ProvidersAsync(ApiCall call)
    {
        var providers = await core.Config.MediaProvidersAsync(call.Aborted);
        return api.Ok(new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["application"] = new JsonObject { ["media"] = new JsonObject { ["providers"] = providers } },
            },
        });
    }

    private async Task<ApiAnswer> PutProviderAsync(ApiCall call)
    {
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(call.Body);
        }
        catch (System.Text.Json.JsonException)
        {
            throw new ApiException(ApiErrors.RequestInvalid, "The body is not valid JSON");
        }

        if (body is not JsonArray { Count: 1 } list || list[0] is not JsonObject provider)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "An array of one provider is expected");
        }

        var name = ApiJson.Required(provider, "name");
        var type = ApiJson.Required(provider, "type");
        if (!ProviderTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw ApiJson.Invalid("type", provider["type"]);
        }

        await core.Config.PutMediaProviderAsync(name, type, provider, call.Aborted);
        return api.Written();
    }

    private async Task<ApiAnswer> DeleteProviderAsync(ApiCall call) =>
        await core.Config.DeleteMediaProviderAsync(call.Values["name"], call.Aborted)
            ? api.Written()
            : throw new ApiException(ApiErrors.NotFound, $"Media provider '{call.Values["name"]}'");
}
