using System.Text.Json.Nodes;
using WaMigration.Engine.Tests.Migrations;

namespace WaMigration.Engine.Tests.Api;

public sealed class RepeatTests
{
    private const string Settings = "GET /v1/settings/application";
    private const string Good = """{"settings":{"application":{"callback_persist":true}}}""";

    [Fact]
    public async Task A_read_is_repeated_while_the_client_is_not_ready()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(
            Settings,
            ScriptedApi.Error(500, 1011, "Service not ready"),
            ScriptedApi.Text("<html>502</html>", "text/html", 502),
            ScriptedApi.Error(500, 1023, "Database error occurred"),
            ScriptedApi.Json(Good));

        var settings = await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(TestContext.Current.CancellationToken);

        Assert.True((bool)settings["callback_persist"]!);
        Assert.Equal(4, api.Count(Settings));
    }

    [Theory]
    [InlineData(403, 1005)]
    [InlineData(400, 1008)]
    [InlineData(400, 1009)]
    [InlineData(401, 1024)]
    public async Task What_the_user_must_correct_is_not_repeated(int status, int code)
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Error(status, code, "No"));

        await Assert.ThrowsAsync<WaApiException>(() => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, api.Count(Settings));
    }

    [Fact]
    public async Task A_message_is_not_sent_twice_when_its_answer_is_lost()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("POST /v1/messages", ScriptedApi.Cut);

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiConnectionLost",
            () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).SendMessageAsync([], TestContext.Current.CancellationToken));

        Assert.Equal(1, api.Count("POST /v1/messages"));
    }

    [Fact]
    public async Task A_message_that_the_client_may_have_taken_before_its_database_failed_is_not_sent_again()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("POST /v1/messages", ScriptedApi.Error(500, 1023, "Database error occurred"));

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiDatabaseFailed",
            () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).SendMessageAsync([], TestContext.Current.CancellationToken));

        Assert.Equal(1, api.Count("POST /v1/messages"));
    }

    [Fact]
    public async Task A_message_is_sent_again_when_the_client_was_too_busy_to_take_it()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(
            "POST /v1/messages",
            ScriptedApi.Error(429, 1015, "Too many requests"),
            ScriptedApi.Json("""{"messages":[{"id":"gBEG"}]}""", 201));

        Assert.Equal("gBEG", await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).SendMessageAsync([], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_is_repeated_for_those_who_poll()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Error(500, 1011, "Service not ready"));

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiNotReady",
            () => ScriptedSetup.Open(api).Api(ScriptedSetup.Operation()).WithoutRepeats.GetApplicationSettingsAsync(TestContext.Current.CancellationToken));

        Assert.Equal(1, api.Count(Settings));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_an_error_that_says_so()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Settings, ScriptedApi.Hang);
        var setup = ScriptedSetup.Open(ScriptedSetup.Options(api) with { Timeout = TimeSpan.FromMilliseconds(300) });

        await ScriptedSetup.ThrowsAsync<WaApiException>(
            "ApiTimeout",
            () => setup.Api(ScriptedSetup.Operation()).GetApplicationSettingsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_secret_is_said_while_requests_are_repeated()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On("POST /v1/settings/backup", ScriptedApi.Error(500, 1011, "Service not ready"), ScriptedApi.Json("""{"settings":{"data":"AAAA"}}"""));
        var console = new RecordingConsole();

        await ScriptedSetup.Open(api).Api(ScriptedSetup.Operation(console)).BackupSettingsAsync("backup-secret", TestContext.Current.CancellationToken);

        Assert.NotEmpty(console.Lines);
        Assert.DoesNotContain(console.Lines, line => line.Contains("backup-secret", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal) || line.Contains(ScriptedSetup.Password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AAAA+/==")]
    [InlineData("line\\nbreak \\u00e9")]
    public async Task Backup_data_comes_through_as_it_is(string data)
    {
        await using var api = await ScriptedApi.StartAsync();
        var big = string.Concat(Enumerable.Repeat(data, 40_000));
        api.On("POST /v1/settings/backup", ScriptedApi.Json($$$"""{"settings":{"data":"{{{big}}}"}}"""));
        api.On("POST /v1/settings/restore", ScriptedApi.Json("null"));
        var client = ScriptedSetup.Open(api).Api(ScriptedSetup.Operation());

        var got = await client.BackupSettingsAsync("pw", TestContext.Current.CancellationToken);
        await client.RestoreSettingsAsync("pw", got, TestContext.Current.CancellationToken);

        var sent = JsonNode.Parse(api.Requests.Single(request => request.Route == "POST /v1/settings/restore").Body)!;
        Assert.Equal(JsonNode.Parse($"\"{big}\"")!.GetValue<string>(), (string)sent["data"]!);
    }
}
