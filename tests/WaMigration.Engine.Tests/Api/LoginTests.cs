using System.Text;
using WaMigration.Security;
using WaMigration.Setups;

namespace WaMigration.Engine.Tests.Api;

public sealed class LoginTests
{
    private const string Login = "POST /v1/users/login";
    private const string Settings = "GET /v1/settings/application";
    private const string Good = """{"settings":{"application":{}}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_login_serves_many_calls_at_the_same_time()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Json(Good));
        var client = ScriptedSetup.Open(api).Api(ScriptedSetup.Operation());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetApplicationSettingsAsync(Stop)));

        Assert.Equal(1, api.Count(Login));
        Assert.All(api.Requests.Where(request => request.Route == Settings), request => Assert.Equal("Bearer " + ScriptedApi.Token, request.Authorization));
    }

    [Fact]
    public async Task A_token_that_was_revoked_is_renewed_once_and_the_call_repeated()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Error(401, 1005, "Access denied"), ScriptedApi.Json(Good));

        await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(Stop);

        Assert.Equal(2, api.Count(Login));
        Assert.Equal(2, api.Count(Settings));
    }

    [Fact]
    public async Task A_token_that_is_refused_again_is_not_renewed_a_second_time()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Error(401, 1005, "Access denied"));

        await ScriptedSetup.ThrowsAsync<WaApiException>("TokenRefused", () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(Stop));

        Assert.Equal(2, api.Count(Login));
        Assert.Equal(2, api.Count(Settings));
    }

    [Theory]
    [InlineData("2021-09-14 15:29:26+00:00", false)]
    [InlineData("2021-09-14T15:29:26+00:00", false)]
    [InlineData("2999-09-14 15:29:26+00:00", true)]
    public async Task The_end_of_a_token_is_read_in_both_forms(string expiresAfter, bool isValid)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Json($$"""{"users":[{"token":"t","expires_after":"{{expiresAfter}}"}]}"""));
        api.On(Settings, ScriptedApi.Json(Good));
        var setup = ScriptedSetup.Open(api);

        await setup.Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(Stop);
        await setup.Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(Stop);

        Assert.Equal(14, setup.TokenExpiresAt!.Value.Day);
        Assert.Equal(15, setup.TokenExpiresAt!.Value.UtcDateTime.Hour);
        Assert.Equal(isValid ? 1 : 2, api.Count(Login));
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(401, 1005, "Access denied", "Invalid credentials."));

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>("LoginRefused", () => SetupConnector.ConnectAsync(ScriptedSetup.Options(api), ScriptedSetup.Operation()));

        Assert.Equal(1, api.Count(Login));
        Assert.DoesNotContain(ScriptedSetup.Password, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_password_asks_for_a_new_one()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(401, 1024, "Password change required", "Password must be changed"));

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>("PasswordChangeRequired", () => SetupConnector.ConnectAsync(ScriptedSetup.Options(api), ScriptedSetup.Operation()));

        Assert.Contains("-NewPassword", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(1, api.Count(Login));
    }

    [Fact]
    public async Task A_lockout_is_reported_and_not_prolonged()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(429, 1015, "Too many requests", "Rate limiting exceeded on bad login attempts"));

        await ScriptedSetup.ThrowsAsync<WaApiException>("TooManyLogins", () => SetupConnector.ConnectAsync(ScriptedSetup.Options(api), ScriptedSetup.Operation()));

        Assert.Equal(1, api.Count(Login));
    }

    [Theory]
    [InlineData("short1A!")]
    [InlineData("Str0ng-Passw0rd")]
    public async Task A_new_password_by_the_rule_is_sent_with_the_first_one(string changed)
    {
        await using var api = await ScriptedApi.StartAsync();
        var options = ScriptedSetup.Options(api, "secret") with { NewPassword = Secret.Conceal(changed) };

        var setup = await SetupConnector.ConnectAsync(options, ScriptedSetup.Operation());

        var login = Assert.Single(api.Requests, request => request.Route == Login);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:secret")), login.Authorization);
        Assert.Contains(changed, login.Body, StringComparison.Ordinal);
        Assert.Equal(changed, setup.Connections.Password!.Reveal());
    }

    [Theory]
    [InlineData("Sh0rt-A")]
    [InlineData("NoDigits-here")]
    [InlineData("n0-upper-case")]
    [InlineData("N0-LOWER-CASE")]
    [InlineData("N0SpecialChar")]
    public async Task A_weak_new_password_is_refused_before_anything_is_sent(string weak)
    {
        await using var api = await ScriptedApi.StartAsync();
        var options = ScriptedSetup.Options(api, "secret") with { NewPassword = Secret.Conceal(weak) };

        var failure = await ScriptedSetup.ThrowsAsync<WaException>("WeakPassword", () => SetupConnector.ConnectAsync(options, ScriptedSetup.Operation()));

        Assert.Empty(api.Requests);
        Assert.DoesNotContain(weak, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_the_client_finds_weak_is_the_same_error()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(400, 1009, "Parameter value is not valid", "Password doesn't meet complexity requirements: dictionary word"));
        var options = ScriptedSetup.Options(api, "secret") with { NewPassword = Secret.Conceal("Str0ng-Passw0rd!") };

        await ScriptedSetup.ThrowsAsync<WaApiException>("WeakPassword", () => SetupConnector.ConnectAsync(options, ScriptedSetup.Operation()));
    }

    [Fact]
    public async Task A_password_that_an_earlier_run_changed_already_is_found()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(401, 1005, "Access denied"), ScriptedApi.Json("""{"users":[{"token":"t","expires_after":"2999-09-14 15:29:26+00:00"}]}"""));
        var options = ScriptedSetup.Options(api, "secret") with { NewPassword = Secret.Conceal("Str0ng-Passw0rd!") };

        var setup = await SetupConnector.ConnectAsync(options, ScriptedSetup.Operation());

        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Equal(2, api.Count(Login));
        Assert.Equal("{}", api.Requests.Last(request => request.Route == Login).Body);
        Assert.Equal("Str0ng-Passw0rd!", setup.Connections.Password!.Reveal());
    }

    [Fact]
    public async Task Under_what_if_the_first_password_is_not_changed()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Error(401, 1024, "Password change required"));
        var console = new Migrations.RecordingConsole();
        var options = ScriptedSetup.Options(api, "secret") with { NewPassword = Secret.Conceal("Str0ng-Passw0rd!") };

        await SetupConnector.ConnectAsync(options, ScriptedSetup.Operation(console, planOnly: true));

        Assert.Equal("{}", Assert.Single(api.Requests).Body);
        Assert.Contains(console.Lines, line => line.StartsWith("what if:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_is_enough_for_health_and_an_old_client_gets_the_token()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("GET /v1/health", ScriptedApi.Json("""{"health":{"gateway_status":"connected"}}"""));
        api.On("GET /v1/stats/app", ScriptedApi.Error(401, 1005, "Access denied"), ScriptedApi.Json("""{"stats":{"app":{}}}"""));
        var client = ScriptedSetup.Open(ScriptedSetup.Options(api) with { ApiKey = Secret.Conceal("monitoring-key") }).Api(ScriptedSetup.Operation());

        await client.GetHealthAsync(Stop);
        Assert.Equal("Apikey monitoring-key", Assert.Single(api.Requests).Authorization);

        await client.GetStatisticsAsync("app", Stop);
        Assert.Equal(["Apikey monitoring-key", "Bearer " + ScriptedApi.Token], api.Requests.Where(request => request.Route == "GET /v1/stats/app").Select(request => request.Authorization));
    }

    [Fact]
    public async Task Without_a_credential_a_call_says_what_it_needs()
    {
        await using var api = await ScriptedApi.StartAsync();
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(api) with { UserName = null, Password = null });

        await ScriptedSetup.ThrowsAsync<WaException>("LoginMissing", () => setup.Api(ScriptedSetup.Operation()).GetSupportAsync(Stop));
    }
}
