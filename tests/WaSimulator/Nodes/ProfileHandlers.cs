using System.Text.Json.Nodes;
using WaSimulator.Api;

namespace WaSimulator.Nodes;

/// <summary>The number's profile; the service keeps it with the number, so it survives every migration.</summary>
internal sealed class ProfileHandlers(CoreContext core, NodeApi api)
{
    private static readonly Dictionary<string, int> Fields = new(StringComparer.Ordinal)
    {
        ["address"] = 256, ["description"] = 256, ["email"] = 128, ["vertical"] = 128,
    };

    public void Map()
    {
        api.WhenReady("GET", "/v1/settings/business/profile", GetBusinessAsync);
        api.WhenReady("POST", "/v1/settings/business/profile", SetBusinessAsync);
        api.WhenReady("GET", "/v1/settings/profile/about", GetAboutAsync);
        api.WhenReady("PATCH", "/v1/settings/profile/about", SetAboutAsync);
        api.WhenReady("GET", "/v1/settings/profile/photo", GetPhotoAsync);
        api.WhenReady("POST", "/v1/settings/profile/photo", SetPhotoAsync);
        api.WhenReady("DELETE", "/v1/settings/profile/photo", DeletePhotoAsync);
    }

    private async Task<ApiAnswer> GetBusinessAsync(ApiCall call)
    {
        var profile = (await ReadAsync(call))["business"]?.DeepClone() ?? new JsonObject();
        return api.Ok(new JsonObject
        {
            ["settings"] = new JsonObject { ["business"] = new JsonObject { ["profile"] = profile } },
        });
    }

    private async Task<ApiAnswer> SetBusinessAsync(ApiCall call)
    {
        var profile = new JsonObject();
        foreach (var (name, limit) in Fields)
        {
            if (ApiJson.Optional(call.Json, name) is { } text)
            {
                profile[name] = text.Length <= limit ? text : throw ApiJson.Invalid(name, call.Json[name]);
            }
        }

        if (call.Json["websites"] is { } websites)
        {
            if (websites is not JsonArray { Count: <= 2 } list || list.Any(site => site?.ToString().Length is null or > 256))
            {
                throw ApiJson.Invalid("websites", websites);
            }

            profile["websites"] = list.DeepClone();
        }

        await WriteAsync(call, new JsonObject { ["business"] = profile });
        return api.Written();
    }

    private async Task<ApiAnswer> GetAboutAsync(ApiCall call)
    {
        var about = (string?)(await ReadAsync(call))["about"] ?? "";
        return api.Ok(new JsonObject
        {
            ["settings"] = new JsonObject
            {
                ["profile"] = new JsonObject { ["about"] = new JsonObject { ["text"] = about } },
            },
        });
    }

    private async Task<ApiAnswer> SetAboutAsync(ApiCall call)
    {
        var text = ApiJson.Required(call.Json, "text");
        if (text.Length > 139)
        {
            throw ApiJson.Invalid("text", call.Json["text"]);
        }

        await WriteAsync(call, new JsonObject { ["about"] = text });
        return api.Written();
    }

    private async Task<ApiAnswer> GetPhotoAsync(ApiCall call)
    {
        if ((string?)(await ReadAsync(call))["photo"] is not { } photo)
        {
            return ApiAnswer.Empty(404);
        }

        return (string?)call.Parameters["format"] == "link"
            ? api.Ok(new JsonObject
            {
                ["settings"] = new JsonObject
                {
                    ["profile"] = new JsonObject
                    {
                        ["photo"] = new JsonObject { ["link"] = $"https://pps.whatsapp.net/v/{photo.Length}" },
                    },
                },
            })
            : new ApiAnswer(200, "image/jpeg", Convert.FromBase64String(photo));
    }

    private async Task<ApiAnswer> SetPhotoAsync(ApiCall call)
    {
        if (call.Body.Length == 0)
        {
            throw new ApiException(ApiErrors.ParameterMissing, "The body must be a picture");
        }

        await WriteAsync(call, new JsonObject { ["photo"] = Convert.ToBase64String(call.Body) });
        return api.Ok([], 201);
    }

    private async Task<ApiAnswer> DeletePhotoAsync(ApiCall call)
    {
        await WriteAsync(call, new JsonObject { ["photo"] = null });
        return api.Written();
    }

    private async Task<JsonObject> ReadAsync(ApiCall call) =>
        await core.Service.CallAsync("client/profile/read", await RegistrationAsync(call), [], call.Aborted);

    private async Task WriteAsync(ApiCall call, JsonObject content) =>
        await core.Service.CallAsync("client/profile/write", await RegistrationAsync(call), content, call.Aborted);

    private async Task<Registration> RegistrationAsync(ApiCall call) =>
        await core.Config.RegistrationAsync(call.Aborted)
            ?? throw new ApiException(ApiErrors.Internal, "The client is not registered");
}
