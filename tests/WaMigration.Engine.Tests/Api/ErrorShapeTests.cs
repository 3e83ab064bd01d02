namespace WaMigration.Engine.Tests.Api;

public sealed class ErrorShapeTests
{
    private const string Route = "GET /v1/settings/application";

    [Theory]
    [InlineData("""{"meta":{},"errors":[{"code":1009,"title":"Parameter value is not valid","details":"Pin must not be empty"}]}""", 400, "ApiRefused", 1009, "Parameter value is not valid", "Pin must not be empty")]
    [InlineData("""{"errors":[{"code":"1014","title":"Internal error"}]}""", 500, "ApiFailed", 1014, "Internal error", "")]
    [InlineData("""{"errors":[{"code":1014,"title":"Internal error","details":"No information in clusterStore.nodes"}]}""", 500, "ApiNotReady", 1014, "Internal error", "No information in clusterStore.nodes")]
    [InlineData("""{"error":{"errorcode":429,"errortext":"Slow down"}}""", 429, "ApiBusy", 429, "Slow down", "")]
    [InlineData("""{"errors":[{"code":1005,"title":"Access denied"}]}""", 403, "ApiAccessDenied", 1005, "Access denied", "")]
    [InlineData("""{"errors":[{"code":1006,"title":"Resource not found"}]}""", 404, "ApiNotFound", 1006, "Resource not found", "")]
    [InlineData("""{"errors":[{"code":1004,"title":"Resource already exists"}]}""", 409, "ApiConflict", 1004, "Resource already exists", "")]
    [InlineData("""{"errors":[{"code":1017,"title":"Not a primary master"}]}""", 500, "ApiNotReady", 1017, "Not a primary master", "")]
    [InlineData("""{"errors":[{"code":1016,"title":"System overloaded"}]}""", 503, "ApiBusy", 1016, "System overloaded", "")]
    [InlineData("""{"errors":[{"code":1022,"title":"Webhooks URL is not configured"}]}""", 200, "ApiFailed", 1022, "Webhooks URL is not configured", "")]
    [InlineData("""{"errors":[{"code":1023,"title":"Database error occurred"}]}""", 500, "ApiDatabaseFailed", 1023, "Database error occurred", "")]
    [InlineData("<html><head><title>502 Bad Gateway</title></head><body><h1>Bad</h1></body></html>", 502, "ApiUnavailable", null, "502 Bad Gateway", "")]
    [InlineData("<!DOCTYPE html>\n<body>\n<p>Service  unavailable</p></body>", 503, "ApiUnavailable", null, "Service unavailable", "")]
    [InlineData("upstream connect error", 504, "ApiUnavailable", null, "upstream connect error", "")]
    [InlineData("", 500, "ApiFailed", null, "InternalServerError", "")]
    [InlineData("[1,2]", 418, "ApiRefused", null, "418", "")]
    public async Task Every_shape_of_an_error_becomes_the_one_exception(string body, int status, string id, int? code, string title, string details)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Route, ScriptedApi.Text(body, "text/html", status));
        var client = ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).WithoutRepeats;

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>(id, () => client.GetApplicationSettingsAsync(TestContext.Current.CancellationToken));

        Assert.Equal(status, failure.HttpStatus);
        Assert.Equal(code, failure.Code);
        Assert.Equal(title, failure.Title);
        Assert.Equal(details, failure.Details);
        Assert.Contains($"(HTTP {status})", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("""{"meta":{"version":"v2.45.1"}}""")]
    public async Task A_write_that_answers_with_next_to_nothing_has_succeeded(string body)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("DELETE /v1/settings/account/two-step", ScriptedApi.Json(body));

        await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).DisableTwoStepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, api.Count("DELETE /v1/settings/account/two-step"));
    }

    [Fact]
    public async Task A_sign_in_page_with_a_good_status_is_no_success()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("DELETE /v1/settings/account/two-step", ScriptedApi.Text("<html><title>Sign in</title></html>", "text/html"));

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiAnswerNotUnderstood",
            () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).DisableTwoStepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_an_answer_repeats_of_our_secrets_is_not_shown()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("POST /v1/settings/backup", ScriptedApi.Json(
            $$$"""{"errors":[{"code":1009,"title":"No","details":"got backup-secret and {{{ScriptedApi.Token}}}"}],"request":{"password":"backup-secret"}}""",
            400));

        var failure = await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiRefused",
            () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).BackupSettingsAsync("backup-secret", TestContext.Current.CancellationToken));

        var shown = failure + string.Join('\n', failure.Evidence) + failure.Details;
        Assert.DoesNotContain("backup-secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedApi.Token, shown, StringComparison.Ordinal);
        Assert.Contains("got *** and ***", failure.Details, StringComparison.Ordinal);
    }
}
