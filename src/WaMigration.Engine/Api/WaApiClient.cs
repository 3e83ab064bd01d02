using System.Security;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>The client's API over HTTPS, for one operation.</summary>
internal sealed class WaApiClient : IWaApi
{
    private const int UsualAttempts = 4;

    /// <summary>The Webapp itself waits 10 + 45 s for the Coreapp.</summary>
    private static readonly TimeSpan LongCall = TimeSpan.FromSeconds(90);

    private readonly ApiSession session;
    private readonly Operation operation;
    private readonly ApiRetry retry;

    internal WaApiClient(ApiSession session, Operation operation, bool repeats = true)
    {
        this.session = session;
        this.operation = operation;
        retry = new ApiRetry(repeats ? UsualAttempts : 1);
    }

    public Uri Address => session.Transport.Address;

    public IWaApi WithoutRepeats => new WaApiClient(session, operation, repeats: false);

    public Task<ApiToken> LoginAsync(string userName, string password, string? newPassword, CancellationToken cancellation) =>
        session.RequestTokenAsync(userName, password, newPassword, operation, retry, cancellation);

    public async Task LogoutAsync(CancellationToken cancellation)
    {
        await WriteAsync(new ApiRequest(HttpMethod.Post, "v1/users/logout") { Body = "{}", Repeat = ApiRepeat.IfNotTaken }, cancellation).ConfigureAwait(false);
        session.ForgetToken();
    }

    public Task<bool> IsTokenAcceptedAsync(SecureString token, CancellationToken cancellation) =>
        session.IsAcceptedAsync(token, operation, retry, cancellation);

    public async Task<string> BackupSettingsAsync(string password, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Post, "v1/settings/backup")
        {
            Body = new JsonObject { ["password"] = password }.ToJsonString(),
            MinimumTimeout = LongCall,
            Secrets = [password],
        };
        var answer = await CallAsync(request, cancellation).ConfigureAwait(false);
        return (answer.Json as JsonObject)?.Object("settings")?.Text("data") is { Length: > 0 } data
            ? data
            : throw session.NotUnderstood(request, answer, redactAll: true);
    }

    public async Task RestoreSettingsAsync(string password, string data, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Post, "v1/settings/restore")
        {
            Body = new JsonObject { ["password"] = password, ["data"] = data }.ToJsonString(),
            MinimumTimeout = LongCall,
            Repeat = ApiRepeat.Never,
            Secrets = [password, data],
        };
        try
        {
            await WriteAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (WaApiException failure) when (IsOutcomeUnknown(failure))
        {
            var said = new ApiErrorEnvelope(failure.Code, failure.Title, failure.Details);
            throw ApiErrors.Answer(ApiErrors.RestoreOutcomeUnknown, session.Transport.Target, request.ToString(), failure.HttpStatus, said, failure.Evidence, failure);
        }
    }

    public async Task<JsonObject> GetApplicationSettingsAsync(CancellationToken cancellation)
    {
        var (request, answer) = await ReadAsync("v1/settings/application", cancellation).ConfigureAwait(false);
        return (answer.Json as JsonObject)?.Object("settings")?.Object("application") ?? throw session.NotUnderstood(request, answer);
    }

    public Task ChangeApplicationSettingsAsync(JsonObject changes, CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(ApiRequest.Patch, "v1/settings/application") { Body = changes.ToJsonString() }, cancellation);

    public Task ResetApplicationSettingsAsync(CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(HttpMethod.Delete, "v1/settings/application"), cancellation);

    public Task EnableTwoStepAsync(string pin, CancellationToken cancellation) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Post, "v1/settings/account/two-step")
            {
                Body = new JsonObject { ["pin"] = pin }.ToJsonString(),
                Secrets = [pin],
            },
            cancellation);

    public Task DisableTwoStepAsync(CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(HttpMethod.Delete, "v1/settings/account/two-step"), cancellation);

    public async Task<int?> GetShardsAsync(CancellationToken cancellation)
    {
        try
        {
            var (request, answer) = await ReadAsync("v1/account/shards", cancellation).ConfigureAwait(false);
            return (answer.Json as JsonObject)?.Object("account") is { } account
                ? account.Number("shards")
                : throw session.NotUnderstood(request, answer);
        }
        catch (WaApiException refusal) when (refusal.HttpStatus is >= 400 and < 500
            && refusal.Kind != ApiErrors.TokenRefused
            && refusal.Kind != ApiErrors.ApiBusy
            && refusal.Kind != ApiErrors.PasswordChangeRequired)
        {
            // Clients that are not registered, or are no multiconnect, tell none.
            operation.Console.Verbose(refusal.Message);
            return null;
        }
    }

    public Task<JsonObject> GetHealthAsync(CancellationToken cancellation) => ReadPartAsync("v1/health", "health", cancellation, takesApiKey: true);

    public Task<JsonObject> GetSupportAsync(CancellationToken cancellation) => ReadPartAsync("v1/support", "support", cancellation);

    public async Task<JsonObject> GetStatisticsAsync(string area, CancellationToken cancellation)
    {
        var (request, answer) = await ReadAsync("v1/stats/" + Uri.EscapeDataString(area), cancellation, takesApiKey: true).ConfigureAwait(false);
        return (answer.Json as JsonObject)?.Object("stats") is { } stats && (stats.Object(area) ?? stats) is { } part
            ? part
            : throw session.NotUnderstood(request, answer);
    }

    public Task<string?> GetWebhookCaAsync(CancellationToken cancellation) => ReadCertificateAsync("v1/certificates/webhooks/ca", cancellation);

    public Task SetWebhookCaAsync(string pem, CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(HttpMethod.Post, "v1/certificates/webhooks/ca") { Body = pem, ContentType = "text/plain" }, cancellation);

    public async Task RemoveWebhookCaAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(new ApiRequest(HttpMethod.Delete, "v1/certificates/webhooks/ca"), cancellation).ConfigureAwait(false);
        }
        catch (WaApiException refusal) when (refusal.Kind == ApiErrors.ApiNotFound)
        {
            operation.Console.Verbose(refusal.Message);
        }
    }

    public Task<string?> GetExternalCaAsync(CancellationToken cancellation) => ReadCertificateAsync("v1/certificates/external/ca", cancellation);

    public Task SetExternalCertificateAsync(string pem, CancellationToken cancellation) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Post, "v1/certificates/external") { Body = pem, ContentType = "text/plain", Secrets = [pem] },
            cancellation);

    public async Task<JsonArray> GetMediaProvidersAsync(CancellationToken cancellation)
    {
        var (request, answer) = await ReadAsync("v1/settings/application/media/providers", cancellation).ConfigureAwait(false);
        if (answer.Json is JsonArray bare)
        {
            return bare;
        }

        var application = (answer.Json as JsonObject)?.Object("settings")?.Object("application");
        return application?.Object("media")?["providers"] as JsonArray
            ?? (answer.Json as JsonObject)?["providers"] as JsonArray
            ?? (answer.IsUnderstood ? [] : throw session.NotUnderstood(request, answer));
    }

    public Task SetMediaProviderAsync(JsonObject provider, CancellationToken cancellation) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Post, "v1/settings/application/media/providers")
            {
                Body = new JsonArray(provider.DeepClone()).ToJsonString(),
                Secrets = [.. SecretsOf(provider)],
            },
            cancellation);

    public Task RemoveMediaProviderAsync(string name, CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(HttpMethod.Delete, "v1/settings/application/media/providers/" + Uri.EscapeDataString(name)), cancellation);

    public async Task<JsonObject> GetUserAsync(string name, CancellationToken cancellation)
    {
        var (request, answer) = await ReadAsync(UserPath(name), cancellation).ConfigureAwait(false);
        return (answer.Json as JsonObject)?["users"] is JsonArray { Count: > 0 } users && users[0] is JsonObject user
            ? user
            : throw session.NotUnderstood(request, answer);
    }

    public async Task AddUserAsync(string name, string password, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Post, "v1/users")
        {
            Body = new JsonObject { ["username"] = name, ["password"] = password }.ToJsonString(),
            Repeat = ApiRepeat.IfNotTaken,
            Secrets = [password],
        };
        try
        {
            await WriteAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (WaApiException refusal) when (refusal.Code is ApiErrorKinds.InternalError or ApiErrorKinds.ResourceExists
            && refusal.Details.Has("exist"))
        {
            var said = new ApiErrorEnvelope(refusal.Code, refusal.Title, refusal.Details);
            throw ApiErrors.Answer(ApiErrors.UserExists, name, request.ToString(), refusal.HttpStatus, said, refusal.Evidence, refusal);
        }
    }

    public Task ChangeUserAsync(string name, string password, CancellationToken cancellation) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Put, UserPath(name))
            {
                Body = new JsonObject { ["password"] = password }.ToJsonString(),
                Secrets = [password],
            },
            cancellation);

    public Task RemoveUserAsync(string name, CancellationToken cancellation) =>
        WriteAsync(new ApiRequest(HttpMethod.Delete, UserPath(name)) { Repeat = ApiRepeat.IfNotTaken }, cancellation);

    public async Task<string> SendMessageAsync(JsonObject message, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Post, "v1/messages") { Body = message.ToJsonString(), Repeat = ApiRepeat.IfNotTaken };
        var answer = await CallAsync(request, cancellation).ConfigureAwait(false);
        return (answer.Json as JsonObject)?["messages"] is JsonArray { Count: > 0 } messages
            && (messages[0] as JsonObject)?.Text("id") is { Length: > 0 } id
            ? id
            : throw session.NotUnderstood(request, answer);
    }

    public Task<bool> IsAnsweringAsync(CancellationToken cancellation) => session.Transport.IsAnsweringAsync(operation.Time, cancellation);

    /// <summary>
    /// Known: never sent, or refused by a code or by the authenticator. Unknown: cut, late, a proxy's words, or a page
    /// in place of the client's answer.
    /// </summary>
    private static bool IsOutcomeUnknown(WaApiException failure) => failure.HttpStatus == 0
        ? failure.MayHaveBeenTaken
        : failure.Kind == ApiErrors.ApiAnswerNotUnderstood || (failure.HttpStatus >= 500 && failure.Code is null);

    private static IEnumerable<string> SecretsOf(JsonObject json) =>
        json.SelectMany(property => property.Value switch
        {
            JsonObject inner => SecretsOf(inner),
            JsonValue value when IsSecretName(property.Key) && value.Text() is { } text => [text],
            _ => [],
        });

    private static bool IsSecretName(string name) =>
        name.Has("bearer")
        || name.Has("token")
        || name.Has("password")
        || name.Has("secret");

    private static string UserPath(string name) => "v1/users/" + Uri.EscapeDataString(name);

    private Task<ApiAnswer> CallAsync(ApiRequest request, CancellationToken cancellation) => session.CallAsync(request, operation, retry, cancellation);

    private async Task<(ApiRequest Request, ApiAnswer Answer)> ReadAsync(string path, CancellationToken cancellation, bool takesApiKey = false)
    {
        var request = new ApiRequest(HttpMethod.Get, path) { TakesApiKey = takesApiKey };
        return (request, await CallAsync(request, cancellation).ConfigureAwait(false));
    }

    private async Task<JsonObject> ReadPartAsync(string path, string part, CancellationToken cancellation, bool takesApiKey = false)
    {
        var (request, answer) = await ReadAsync(path, cancellation, takesApiKey).ConfigureAwait(false);
        return (answer.Json as JsonObject)?.Object(part) ?? throw session.NotUnderstood(request, answer);
    }

    private async Task<string?> ReadCertificateAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var (_, answer) = await ReadAsync(path, cancellation).ConfigureAwait(false);
            return answer.Text.Has("-----BEGIN") ? answer.Text : null;
        }
        catch (WaApiException absent) when (absent.Kind == ApiErrors.ApiNotFound)
        {
            return null;
        }
    }

    private async Task WriteAsync(ApiRequest request, CancellationToken cancellation)
    {
        var answer = await CallAsync(request, cancellation).ConfigureAwait(false);
        if (!answer.IsUnderstood)
        {
            throw session.NotUnderstood(request, answer);
        }
    }
}
