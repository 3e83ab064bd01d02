using WaMigration.Engine.Tests.Migrations;
using WaMigration.Setups;

namespace WaMigration.Engine.Tests.Api;

/// <summary>Connecting again to a client that is just being started: its Webapp answers before its nodes are known.</summary>
public sealed class ReconnectTests
{
    private const string Support = "GET /v1/support";
    private const string Number = """{"support":{"debug_info":"+1 202 555 0100","version":"2.45.1"}}""";

    [Fact]
    public async Task It_waits_for_nodes_that_have_not_said_that_they_are_there()
    {
        await using var api = await ScriptedApi.StartAsync();
        var starting = ScriptedApi.Error(500, 1014, "Internal error", "No information in clusterStore.nodes");

        // More often than one request is repeated by itself.
        api.On(Support, [.. Enumerable.Repeat(starting, 6), ScriptedApi.Json(Number)]);
        var console = new RecordingConsole();

        var setup = await SetupConnector.ReconnectAsync(ScriptedSetup.Open(api), TimeSpan.FromSeconds(60), ScriptedSetup.Operation(console));

        Assert.Equal("12025550100", setup.PhoneNumber);
        Assert.DoesNotContain(console.Lines, line => line.StartsWith("warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_connected_with_a_warning_where_the_nodes_stay_away()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Support, ScriptedApi.Error(500, 1014, "Internal error", "No information in clusterStore.nodes"));
        var console = new RecordingConsole();

        var setup = await SetupConnector.ReconnectAsync(ScriptedSetup.Open(api), TimeSpan.FromMilliseconds(1), ScriptedSetup.Operation(console));

        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Contains(console.Lines, line => line.StartsWith("warning", StringComparison.Ordinal) && line.Contains("clusterStore.nodes", StringComparison.Ordinal));
    }
}
