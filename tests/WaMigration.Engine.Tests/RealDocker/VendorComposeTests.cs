using System.Diagnostics;
using System.Text.Json.Nodes;
using WaLab.RealDocker;

namespace WaMigration.Engine.Tests.RealDocker;

public sealed class VendorComposeTests
{
    [Fact]
    public async Task The_vendors_multiconnect_file_starts_a_client_on_two_hosts_that_connects_once_registered()
    {
        await using var client = await ComposedClient.StartAsync(2, VendorCompose.Multiconnect);
        await client.WaitAsync(health => health.Count == 4 && health.All(node => Status(node.Value) == "unregistered"));
        await client.RegisterAsync();
        await client.WaitAsync(health =>
            health.Count(node => Status(node.Value) == "connected" && (string?)node.Value?["role"] == "coreapp") == 1
            && health.Count(node => Status(node.Value) == "disconnected") == 3);
        Assert.InRange((await client.SendTextAsync("16315550001")).Status, 200, 299);
    }

    [Fact]
    public async Task The_vendors_single_instance_file_starts_a_client_that_connects_once_registered()
    {
        await using var client = await ComposedClient.StartAsync(1, VendorCompose.SingleInstance);
        await client.WaitAsync(health => (string?)health["gateway_status"] == "unregistered");
        await client.RegisterAsync();
        await client.WaitAsync(health => (string?)health["gateway_status"] == "connected");
    }

    [Fact]
    public async Task The_vendors_database_engine_works_as_well_and_every_node_leaves_when_told()
    {
        await using var client = await ComposedClient.StartAsync(1, VendorCompose.Multiconnect, WaDatabaseEngine.MariaDb);
        await client.WaitAsync(health => health.Count == 2 && health.All(node => Status(node.Value) == "unregistered"));
        await client.RegisterAsync();
        await client.WaitAsync(health => health.Any(node => Status(node.Value) == "connected"));

        var host = client.Hosts.Engines[0].Api;
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var container in await host.ContainersAsync(cancellation))
        {
            var watch = Stopwatch.StartNew();
            await host.PostAsync($"containers/{container.Id}/stop?t=60", null, cancellation);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), container.Name + " does not listen to SIGTERM.");
            var state = (await host.GetAsync($"containers/{container.Id}/json", cancellation))["State"]!;
            Assert.Equal(0, (int)state["ExitCode"]!);
        }
    }

    private static string? Status(JsonNode? node) => (string?)(node as JsonObject)?["gateway_status"];
}
