using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using WaSimulator.Api;

namespace WaSimulator.Webapp;

/// <summary>Login, logout and the users of the API.</summary>
internal sealed class UserHandlers(string version, WebStore store, TokenIssuer tokens, Passwords passwords, LoginLimiter limiter, WebApi api)
{
    public void Map()
    {
        api.ForAnyone("POST", "/v1/users/login", LoginAsync);
        api.ForUsers("POST", "/v1/users/logout", LogoutAsync);
        api.ForAdmins("POST", "/v1/users", CreateAsync);
        api.ForUsers("GET", "/v1/users/{name}", GetAsync);
        api.ForUsers("PUT", "/v1/users/{name}", ChangeAsync);
        api.ForAdmins("DELETE", "/v1/users/{name}", DeleteAsync);
    }

    private async Task<ApiAnswer> LoginAsync(WebCall web)
    {
        var call = web.Call;
        if (limiter.IsClosed(call.Caller))
        {
            throw new ApiException(ApiErrors.TooManyRequests, "Rate limiting exceeded on bad login attempts");
        }

        var (name, password) = Basic(call.Headers.Authorization);
        if (name is null || await store.UserAsync(name, call.Aborted) is not { } user || !Passwords.Matches(password, user.PasswordHash))
        {
            limiter.Failed(call.Caller);
            throw new ApiException(ApiErrors.AccessDenied, "Invalid credentials.", http: 401);
        }

        var replacement = ApiJson.Optional(call.Json, "new_password");
        if (replacement is null && name == Passwords.FactoryUser && password == Passwords.FactoryPassword)
        {
            throw new ApiException(ApiErrors.PasswordChangeRequired, "Password must be changed");
        }

        if (replacement is not null)
        {
            Passwords.Demand(replacement);
            await store.SetPasswordAsync(name, passwords.Hash(replacement), call.Aborted);
        }

        var (token, expires) = tokens.Issue(name);
        await store.AddTokenAsync(token, name, call.Aborted);
        return Users(new JsonObject
        {
            ["token"] = token,
            ["expires_after"] = expires.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "+00:00",
        });
    }

    private async Task<ApiAnswer> LogoutAsync(WebCall web)
    {
        await store.RemoveTokenAsync(web.Token!, web.Call.Aborted);
        return ApiAnswer.MetaOnly(version);
    }

    private async Task<ApiAnswer> CreateAsync(WebCall web)
    {
        var name = ApiJson.Required(web.Call.Json, "username");
        var password = ApiJson.Required(web.Call.Json, "password");
        if (name.Length is < 4 or > 32 || Uri.EscapeDataString(name) != name)
        {
            throw ApiJson.Invalid("username", web.Call.Json["username"]);
        }

        Passwords.Demand(password);
        return await store.AddUserAsync(name, passwords.Hash(password), web.Call.Aborted)
            ? Users(new JsonObject { ["username"] = name }, 201)
            : throw new ApiException(ApiErrors.Internal, "Unable to create user. Already exist?");
    }

    private async Task<ApiAnswer> GetAsync(WebCall web)
    {
        var user = await KnownAsync(web);
        return Users(new JsonObject { ["username"] = user.Name, ["ROLES"] = user.Roles });
    }

    private async Task<ApiAnswer> ChangeAsync(WebCall web)
    {
        var user = await KnownAsync(web);
        var password = ApiJson.Required(web.Call.Json, "password");
        Passwords.Demand(password);
        await store.SetPasswordAsync(user.Name, passwords.Hash(password), web.Call.Aborted);
        return Users(new JsonObject { ["username"] = user.Name });
    }

    private async Task<ApiAnswer> DeleteAsync(WebCall web)
    {
        var user = await KnownAsync(web);
        if (user.Name == Passwords.FactoryUser)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, "User 'admin' cannot be deleted");
        }

        await store.DeleteUserAsync(user.Name, web.Call.Aborted);
        return Users(new JsonObject { ["username"] = user.Name });
    }

    /// <summary>A normal user may look at and change itself alone.</summary>
    private async Task<WebUser> KnownAsync(WebCall web)
    {
        var name = web.Call.Values["name"];
        if (!web.User!.IsAdmin && web.User.Name != name)
        {
            throw new ApiException(ApiErrors.AccessDenied, "Administrator role is required");
        }

        return await store.UserAsync(name, web.Call.Aborted)
            ?? throw new ApiException(ApiErrors.NotFound, $"User '{name}'");
    }

    private ApiAnswer Users(JsonObject user, int status = 200) =>
        ApiAnswer.Ok(version, new JsonObject { ["users"] = new JsonArray(user) }, status);

    private static (string? Name, string Password) Basic(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) ||
            !string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase) ||
            value.Parameter is not { } parameter)
        {
            return (null, "");
        }

        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
        {
            return (null, "");
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, "") : (text[..colon], text[(colon + 1)..]);
    }
}
