using System.Globalization;
using System.Net.Http.Headers;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using WaMigration.Security;

namespace WaMigration.Api;

/// <summary>
/// A login that is made when it is first needed, kept, and renewed once per call when the client takes the token no
/// more. One session serves any number of calls at the same time.
/// </summary>
internal sealed class ApiSession : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);
    private readonly ApiTransport transport;
    private readonly SemaphoreSlim loginGate = new(1, 1);
    private readonly SecureString? apiKey;
    private SecureString? newPassword;
    private volatile SecureString? password;
    private volatile ApiToken? token;
    private volatile string? userName;
    private volatile string? version;

    internal ApiSession(ApiTransport transport, string? userName, SecureString? password, SecureString? newPassword, SecureString? apiKey)
    {
        this.transport = transport;
        this.userName = userName;
        this.password = password;
        this.newPassword = newPassword;
        this.apiKey = apiKey;
    }

    internal ApiTransport Transport => transport;

    internal string? UserName => userName;

    /// <summary>The password that logs in now.</summary>
    internal SecureString? Password => password;

    /// <summary>The token in use; null where there is none.</summary>
    internal ApiToken? Token => token;

    /// <summary>Client version as the last answer told it.</summary>
    internal string? Version => version;

    private bool CanLogIn => UserName is not null && password is not null;

    public void Dispose()
    {
        loginGate.Dispose();
        transport.Dispose();
    }

    internal void ForgetToken() => token = null;

    internal void AdoptPassword(SecureString changed)
    {
        password = changed;
        newPassword = null;
    }

    /// <summary>
    /// Goes on as another login, wholly: after the users came back with the databases, what this session logged in with
    /// before would be a bad login.
    /// </summary>
    internal void Adopt(ApiToken? adopted, string? user, SecureString? userPassword)
    {
        // Without a password first, so that no call in between logs in with a mixture.
        password = null;
        newPassword = null;
        userName = user;
        token = adopted;
        password = userPassword;
    }

    /// <summary>Whether the client takes that token, which is not kept. No login is made for it.</summary>
    /// <exception cref="WaApiException">It could not be told.</exception>
    internal async Task<bool> IsAcceptedAsync(SecureString bearer, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        var request = new ApiRequest(HttpMethod.Get, "v1/health");
        try
        {
            await RepeatAsync(request, () => new AuthenticationHeaderValue("Bearer", bearer.Reveal()), operation, retry, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (WaApiException refusal) when (refusal.Kind == ApiErrors.TokenRefused)
        {
            return false;
        }
        catch (WaApiException refusal) when (refusal.Kind == ApiErrors.ApiAccessDenied)
        {
            // It knows whose token it is, and that this user may not see health.
            return true;
        }
    }

    /// <summary>Logs in now, whether a token is at hand or not.</summary>
    internal async Task<ApiToken> LoginAsync(Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        await loginGate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await LoginWithinGateAsync(operation, retry, cancellation).ConfigureAwait(false);
        }
        finally
        {
            loginGate.Release();
        }
    }

    /// <summary>Logs in with what is given, and keeps nothing of it.</summary>
    internal async Task<ApiToken> RequestTokenAsync(string userName, string secret, string? changeTo, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes(userName + ":" + secret));
        var request = new ApiRequest(HttpMethod.Post, "v1/users/login")
        {
            IsLogin = true,
            Body = changeTo is null ? "{}" : new JsonObject { ["new_password"] = changeTo }.ToJsonString(),
            Secrets = changeTo is null ? [secret, basic] : [secret, basic, changeTo],
        };
        var answer = await RepeatAsync(request, () => new AuthenticationHeaderValue("Basic", basic), operation, retry, cancellation).ConfigureAwait(false);
        if ((answer.Json as JsonObject)?["users"] is not JsonArray { Count: > 0 } users
            || users[0] is not JsonObject user
            || user.Text("token") is not { Length: > 0 } text)
        {
            throw NotUnderstood(request, answer, redactAll: true);
        }

        return new ApiToken(Secret.Conceal(text), ExpiryOf(user, text));
    }

    /// <summary>Sends with the right authentication, renews the token at most once, repeats what may be repeated.</summary>
    internal async Task<ApiAnswer> CallAsync(ApiRequest request, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        var useKey = request.TakesApiKey && apiKey is not null;
        var isRenewed = false;
        while (true)
        {
            var used = useKey ? null : await TokenAsync(request, operation, retry, cancellation).ConfigureAwait(false);
            var authentication = used is null
                ? new AuthenticationHeaderValue("Apikey", apiKey!.Reveal())
                : new AuthenticationHeaderValue("Bearer", used.Value.Reveal());
            try
            {
                return await RepeatAsync(request, () => authentication, operation, retry, cancellation).ConfigureAwait(false);
            }
            catch (WaApiException refusal) when (refusal.HttpStatus is 401 or 403 && useKey && CanLogIn)
            {
                // Old clients take the key for health alone.
                useKey = false;
            }
            catch (WaApiException refusal) when (refusal.Kind == ApiErrors.TokenRefused && !isRenewed && !useKey && CanLogIn)
            {
                isRenewed = true;
                ForgetIfStill(used!);
            }
        }
    }

    internal WaApiException NotUnderstood(ApiRequest request, ApiAnswer answer, bool redactAll = false)
    {
        var envelope = new ApiErrorEnvelope(null, answer.Json is null ? ApiErrorEnvelope.From(answer.Status, answer.Text).Title : "JSON", string.Empty);
        var evidence = redactAll && answer.Json is not null ? [] : Redaction.Evidence(answer.Text, request.Secrets);
        return ApiErrors.Answer(ApiErrors.ApiAnswerNotUnderstood, transport.Target, request.ToString(), answer.Status, envelope, evidence);
    }

    private static DateTimeOffset? ExpiryOf(JsonObject user, string token) =>
        DateTimeOffset.TryParse(
            user.Text("expires_after"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at)
            ? at
            : JsonWebToken.ExpiryOf(token);

    private async Task<ApiAnswer> RepeatAsync(ApiRequest request, Func<AuthenticationHeaderValue> authentication, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await transport.SendAsync(request, authentication(), operation.Time, cancellation).ConfigureAwait(false);
                version = answer.Version ?? version;
                return answer;
            }
            catch (WaApiException failure) when (attempt < retry.Attempts && ApiRetry.MayRepeat(request, failure))
            {
                operation.Console.Verbose(failure.Message);
                await operation.Time.DelayAsync(retry.Delay(attempt), cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<ApiToken> TokenAsync(ApiRequest request, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        if (UsableToken(operation.Time) is { } ready)
        {
            return ready;
        }

        if (!CanLogIn)
        {
            // A token that has ended is still tried where nothing better is at hand: clocks differ.
            return token ?? throw ApiErrors.LoginMissing.Error(transport.Target, request.ToString());
        }

        await loginGate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return UsableToken(operation.Time) ?? await LoginWithinGateAsync(operation, retry, cancellation).ConfigureAwait(false);
        }
        finally
        {
            loginGate.Release();
        }
    }

    private ApiToken? UsableToken(TimeProvider time) =>
        token is { } current && (!CanLogIn || current.ExpiresAt is not { } end || end - RenewBefore > time.GetUtcNow()) ? current : null;

    private void ForgetIfStill(ApiToken used)
    {
        if (ReferenceEquals(token, used))
        {
            token = null;
        }
    }

    private async Task<ApiToken> LoginWithinGateAsync(Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        if (UserName is not { } user || password is not { } current)
        {
            throw ApiErrors.LoginMissing.Error(transport.Target, "v1/users/login");
        }

        if (newPassword is not { } changed)
        {
            return token = await RequestTokenAsync(user, current.Reveal(), null, operation, retry, cancellation).ConfigureAwait(false);
        }

        PasswordRule.Require(changed, transport.Target);
        token = await ChangePasswordAsync(user, current.Reveal(), changed.Reveal(), operation, retry, cancellation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            password = changed;
            newPassword = null;
        }

        return token;
    }

    private async Task<ApiToken> ChangePasswordAsync(string user, string current, string changed, Operation operation, ApiRetry retry, CancellationToken cancellation)
    {
        try
        {
            return await RequestTokenAsync(user, current, operation.PlanOnly ? null : changed, operation, retry, cancellation).ConfigureAwait(false);
        }
        catch (WaApiException refusal) when (refusal.Kind == ApiErrors.PasswordChangeRequired && operation.PlanOnly)
        {
            operation.Console.WhatIf(transport.Target, PlanText.Action("ChangePassword", user));
            throw new NotInstalledYetException(transport.Target, ApiErrors.Phrase("ReasonPlanPassword"), refusal);
        }
        catch (WaApiException refusal) when (refusal.Kind == ApiErrors.LoginRefused)
        {
            // A run that was cut off may have changed it already. Tried once: bad logins lock this machine out.
            return await RequestTokenAsync(user, changed, null, operation, retry, cancellation).ConfigureAwait(false);
        }
    }
}
