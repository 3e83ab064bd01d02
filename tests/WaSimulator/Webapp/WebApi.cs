using System.Text;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>The HTTPS API: who may call what, and which handler answers.</summary>
internal sealed class WebApi(NodeEnvironment environment, WebStore store, TokenIssuer tokens, Action<string, string> log)
{
    private readonly RouteTable<Route> routes = new();
    private long requests;
    private long refused;

    private enum Access
    {
        /// <summary>No header needed.</summary>
        Anyone,

        /// <summary>Any user's token.</summary>
        User,

        /// <summary>An administrator's token.</summary>
        Admin,

        /// <summary>A token, or the API key.</summary>
        Monitor,
    }

    /// <summary>Requests since the start.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Requests that were answered with an error.</summary>
    public long Refused => Interlocked.Read(ref refused);

    public void ForAnyone(string method, string path, Func<WebCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Access.Anyone, answer));

    public void ForUsers(string method, string path, Func<WebCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Access.User, answer));

    public void ForAdmins(string method, string path, Func<WebCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Access.Admin, answer));

    public void ForMonitors(string method, string path, Func<WebCall, Task<ApiAnswer>> answer) =>
        routes.Add(method, path, new Route(Access.Monitor, answer));

    public async Task<ApiAnswer> AnswerAsync(ApiCall call)
    {
        Interlocked.Increment(ref requests);
        try
        {
            var answer = await DispatchAsync(call);
            if (answer.Status >= 400)
            {
                Interlocked.Increment(ref refused);
            }

            log("INFO", $"{call.Method} {call.Path} {answer.Status}");
            return answer;
        }
        catch (ApiException)
        {
            Interlocked.Increment(ref refused);
            throw;
        }
    }

    private async Task<ApiAnswer> DispatchAsync(ApiCall call)
    {
        var route = routes.Find(call);
        if (route?.Access == Access.Anyone)
        {
            return await route.Answer(new WebCall(call, user: null, token: null));
        }

        var header = (string?)call.Headers.Authorization ?? "";
        if (route?.Access == Access.Monitor && IsApiKey(header))
        {
            return await route.Answer(new WebCall(call, user: null, token: null));
        }

        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "";
        if (token.Length == 0 || !await tokens.IsValidAsync(token) || await store.UserOfTokenAsync(token, call.Aborted) is not { } user)
        {
            throw new ApiException(ApiErrors.AccessDenied, "Missing or invalid authentication credentials", http: 401);
        }

        if (route is null)
        {
            throw new ApiException(ApiErrors.NotFound, $"{call.Method} {call.Path}");
        }

        if (route.Access == Access.Admin && !user.IsAdmin)
        {
            throw new ApiException(ApiErrors.AccessDenied, "Administrator role is required");
        }

        return await route.Answer(new WebCall(call, user, token));
    }

    private bool IsApiKey(string header) =>
        environment.ApiKey is { } key &&
        header.StartsWith("Apikey ", StringComparison.OrdinalIgnoreCase) &&
        System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(header[7..].Trim()), Encoding.UTF8.GetBytes(key));

    private sealed record Route(Access Access, Func<WebCall, Task<ApiAnswer>> Answer);
}

/// <summary>A call with the user who makes it; none for calls that need no token.</summary>
internal sealed class WebCall(ApiCall call, WebUser? user, string? token)
{
    public ApiCall Call { get; } = call;

    public WebUser? User { get; } = user;

    public string? Token { get; } = token;
}
