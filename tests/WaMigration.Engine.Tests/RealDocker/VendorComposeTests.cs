using System.Diagnostics;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.RealDocker;

public sealed class VendorComposeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_vendors_multiconnect_file_starts_a_client_on_two_hosts_that_connects_once_registered()
    {
        await using var hosts = await RealHosts.StartAsync(2);
        await using var server = await LabServers.OrSkip(() => LabPostgres.StartAsync(RealHosts.Log, hosts.Network.ForServers, Cancellation));
        await using var client = await StartAsync(hosts, 2, VendorCompose.Multiconnect, VendorDatabase.Of(server));
        await client.WaitAsync(health => health.Count == 4 && health.All(node => Status(node.Value) == "unregistered"), Cancellation);
        await client.RegisterAsync(Cancellation);
        await client.WaitAsync(
            health => health.Count(node => Status(node.Value) == "connected" && (string?)node.Value?["role"] == "coreapp") == 1
                && health.Count(node => Status(node.Value) == "disconnected") == 3,
            Cancellation);
        Assert.NotEmpty(await client.Api.SendTextAsync("16315550001", "Good morning", Cancellation));
    }

    [Fact]
    public async Task The_vendors_single_instance_file_starts_a_client_that_connects_once_registered()
    {
        await using var hosts = await RealHosts.StartAsync(1);
        await using var server = await LabServers.OrSkip(() => LabPostgres.StartAsync(RealHosts.Log, hosts.Network.ForServers, Cancellation));
        await using var client = await StartAsync(hosts, 1, VendorCompose.SingleInstance, VendorDatabase.Of(server));
        await client.WaitAsync(health => (string?)health["gateway_status"] == "unregistered", Cancellation);
        await client.RegisterAsync(Cancellation);
        await client.WaitAsync(health => (string?)health["gateway_status"] == "connected", Cancellation);
    }

    [Fact]
    public async Task The_vendors_database_engine_works_as_well_and_every_node_leaves_when_told()
    {
        await using var hosts = await RealHosts.StartAsync(1);
        await using var server = await LabServers.OrSkip(() => LabMariaDb.StartAsync(RealHosts.Log, hosts.Network.ForServers, Cancellation));
        await using var client = await StartAsync(hosts, 1, VendorCompose.Multiconnect, VendorDatabase.Of(server));
        await client.WaitAsync(health => health.Count == 2 && health.All(node => Status(node.Value) == "unregistered"), Cancellation);
        await client.RegisterAsync(Cancellation);
        await client.WaitAsync(health => health.Any(node => Status(node.Value) == "connected"), Cancellation);

        var host = client.Engines[0].Api;
        foreach (var container in await host.ContainersAsync(Cancellation))
        {
            var watch = Stopwatch.StartNew();
            await host.PostAsync($"containers/{container.Id}/stop?t=60", null, Cancellation);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), container.Name + " does not listen to SIGTERM.");
            var state = (await host.GetAsync($"containers/{container.Id}/json", Cancellation))["State"]!;
            Assert.Equal(0, (int)state["ExitCode"]!);
        }
    }

    private static async Task<VendorClient> StartAsync(RealDockerHosts hosts, int count, string file, VendorDatabase database)
    {
        var client = await LabServers.OrSkip(() => VendorClient.StartAsync(hosts, count, file, database, RealHosts.Log, Cancellation));
        await client.LoginAsync(Cancellation);
        return client;
    }

    private static string? Status(JsonNode? node) => (string?)(node as JsonObject)?["gateway_status"];
}
