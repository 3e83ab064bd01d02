using WaMigration.Api;

namespace WaMigration.Engine.Tests.Api;

public sealed class RestoreRequestTests
{
    private const string Restore = "POST /v1/settings/restore";

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"meta":{"version":"v2.45.1","api_status":"stable"}}""")]
    public async Task All_documented_answers_mean_done(string body)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Restore, ScriptedApi.Json(body));

        await SendAsync(api);

        Assert.Equal(1, api.Count(Restore));
    }

    [Fact]
    public async Task A_cut_connection_leaves_the_outcome_unknown_and_is_not_repeated()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Restore, ScriptedApi.Cut);

        await ScriptedSetup.ThrowsAsync<WaApiException>("RestoreOutcomeUnknown", () => SendAsync(api));

        Assert.Equal(1, api.Count(Restore));
    }

    [Fact]
    public async Task The_words_of_a_proxy_leave_the_outcome_unknown()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Restore, ScriptedApi.Text("<html><title>504 Gateway Time-out</title></html>", "text/html", 504));

        await ScriptedSetup.ThrowsAsync<WaApiException>("RestoreOutcomeUnknown", () => SendAsync(api));

        Assert.Equal(1, api.Count(Restore));
    }

    [Theory]
    [InlineData(400, 1009, "ApiRefused")]
    [InlineData(500, 1017, "ApiNotReady")]
    [InlineData(503, 1016, "ApiBusy")]
    public async Task A_refusal_is_known_and_not_repeated(int status, int code, string id)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Restore, ScriptedApi.Error(status, code, "No"));

        await ScriptedSetup.ThrowsAsync<WaApiException>(id, () => SendAsync(api));

        Assert.Equal(1, api.Count(Restore));
    }

    [Fact]
    public async Task What_was_never_sent_is_a_safe_error()
    {
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(new Uri($"https://127.0.0.1:{CertificateTests.FreePort()}"), new string('A', 64)));

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiUnreachable",
            () => setup.Api(ScriptedSetup.Operation()).RestoreSettingsAsync("pw", "data", TestContext.Current.CancellationToken));

        Assert.False(failure.MayHaveBeenTaken);
    }

    [Fact]
    public async Task A_token_that_ended_is_renewed_before_the_one_restore_that_counts()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Restore, ScriptedApi.Error(401, 1005, "Access denied"), ScriptedApi.Json("null"));

        await SendAsync(api);

        Assert.Equal(2, api.Count(Restore));
    }

    private static Task SendAsync(ScriptedApi api) =>
        ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).RestoreSettingsAsync("pw", "data", TestContext.Current.CancellationToken);
}
