using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorStartTests
{
    [Fact]
    public async Task A_cluster_comes_up_unregistered_and_connects_once_it_is_registered()
    {
        await using var world = await SimWorld.StartAsync();
        var watch = Stopwatch.StartNew();
        var client = await world.ClientAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"login after {watch.Elapsed}");
        await Wait.UntilAsync(
            async () =>
            {
                var health = await client.Api.GetAsync("/v1/health");
                return health.Status == 200 && health.Json!["health"]!.AsObject().All(pair => (string?)pair.Value?["gateway_status"] == "unregistered");
            },
            "all nodes are unregistered");
        TestContext.Current.TestOutputHelper?.WriteLine($"unregistered after {watch.Elapsed}");
        await world.RegisterAsync(client);
        await SimWorld.HealthyAsync(client);
        TestContext.Current.TestOutputHelper?.WriteLine($"healthy after {watch.Elapsed}");
        var health = (JsonObject)(await client.Api.GetAsync("/v1/health")).Json!["health"]!;
        Assert.Equal(1, Health.Count(health, "coreapp", "disconnected"));
        Assert.Equal(1, Health.Count(health, "secondary_master", "disconnected"));
    }

    [Fact]
    public async Task A_backup_restored_on_an_unregistered_cluster_brings_the_number_there()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync();
        var backup = await old.Api.PostAsync("/v1/settings/backup", new JsonObject { ["password"] = "pw" });
        Assert.True(backup.Status == 200, backup.Body);
        var data = (string)backup.Json!["settings"]!["data"]!;
        Assert.True(data.Length > 300_000);
        Assert.EndsWith("=", data, StringComparison.Ordinal);
        await old.StopAllAsync();
        var fresh = await world.ClientAsync();
        await Wait.UntilAsync(
            async () => (await fresh.Api.PostAsync("/v1/settings/restore", new JsonObject { ["password"] = "pw", ["data"] = data })).Status == 200,
            "the restore is taken");
        await SimWorld.HealthyAsync(fresh);
        var state = await world.StateAsync();
        Assert.Equal(1, (int)state["restores"]!);
        Assert.Equal(1, (int)state["securityCodeChanges"]!);
        Assert.Equal(0, (int)state["kicks"]!);
    }
}
