using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using WaSimulator.DockerApi;
using Xunit;

namespace WaMigration.Engine.Tests.Lab.Docker;

public sealed class DockerNetworkTests
{
    private static CancellationToken Cancellation => DockerProbe.Cancellation;

    [Fact]
    public async Task Containers_find_each_other_by_name_and_alias_on_a_network_of_their_own()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = "wa_default", CheckDuplicate = true }, Cancellation);
        await docker.RunAsync("wa-wacore-1", p => Join(p, "wa_default", "wacore1"));
        var core = docker.LastNode();
        await docker.RunAsync("wa-master-1", p => Join(p, "wa_default", "master1"));
        var master = docker.LastNode();
        Assert.NotNull(master.Network.Resolve("wacore1", 6250));
        Assert.Equal(master.Network.Resolve("wacore1", 6250), master.Network.Resolve("wa-wacore-1", 6250));
        Assert.NotNull(core.Network.Resolve("master1", 6250));
        Assert.NotEqual(core.Network.Resolve("master1", 6250), core.Network.Resolve("wacore1", 6250));
        Assert.Null(master.Network.Resolve("wacore1", 9999));
        Assert.Null(master.Network.Resolve("nobody", 6250));
        await docker.Client.Containers.StopContainerAsync("wa-wacore-1", new ContainerStopParameters(), Cancellation);
        Assert.Null(master.Network.Resolve("wacore1", 6250));
    }

    [Fact]
    public async Task The_default_network_knows_no_names()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.RunAsync("one");
        await docker.RunAsync("two", p => p.HostConfig.Links = ["one:first"]);
        Assert.Null(docker.LastNode().Network.Resolve("one", 6250));
        Assert.NotNull(docker.LastNode().Network.Resolve("first", 6250));
    }

    [Fact]
    public async Task A_published_port_is_a_real_one_and_cannot_be_had_twice()
    {
        await using var docker = await DockerProbe.StartAsync();
        var port = FreePort();
        var id = await docker.RunAsync("web1", p => Publish(p, "443/tcp", port), DockerProbe.Web);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        }

        Assert.Equal(port.ToString(System.Globalization.CultureInfo.InvariantCulture), (await docker.InspectAsync(id)).NetworkSettings.Ports["443/tcp"][0].HostPort);
        var second = await docker.CreateAsync("web2", p => Publish(p, "443/tcp", port), DockerProbe.Web);
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Containers.StartContainerAsync(second, new ContainerStartParameters(), Cancellation));
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Contains("port is already allocated", refused.ResponseBody, StringComparison.Ordinal);
        Assert.Equal("created", (await docker.InspectAsync(second)).State.Status);
        await docker.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, Cancellation);
        Assert.True(await docker.Client.Containers.StartContainerAsync(second, new ContainerStartParameters(), Cancellation));
    }

    [Fact]
    public async Task Hosts_reach_each_others_published_ports_by_external_name()
    {
        var fabric = new EmbeddedFabric();
        await using var first = await DockerProbe.StartAsync(fabric: fabric);
        await using var second = await DockerProbe.StartAsync(fabric: fabric);
        fabric.Add("host1.example", first.Host);
        fabric.Add("host2.example", second.Host);
        var port = FreePort();
        await first.RunAsync("master", p => Publish(p, "6250/tcp", port));
        await second.RunAsync("core");
        Assert.Equal(port, second.LastNode().Network.Resolve("host1.example", port)?.Port);
        Assert.Null(second.LastNode().Network.Resolve("host2.example", port));
    }

    [Fact]
    public async Task Networks_have_names_members_and_an_end()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = (await docker.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = "waent", CheckDuplicate = true }, Cancellation)).ID;
        var again = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = "waent", CheckDuplicate = true }, Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        var container = await docker.RunAsync("wa");
        await docker.Client.Networks.ConnectNetworkAsync("waent", new NetworkConnectParameters { Container = container, EndpointConfig = new EndpointSettings { Aliases = ["core"] } }, Cancellation);
        var found = await docker.Client.Networks.InspectNetworkAsync("waent", Cancellation);
        Assert.Equal(id, found.ID);
        Assert.Contains(container, found.Containers.Keys);
        Assert.Contains("core", (await docker.InspectAsync("wa")).NetworkSettings.Networks["waent"].Aliases);
        await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Networks.DeleteNetworkAsync("waent", Cancellation));
        await docker.Client.Containers.StopContainerAsync(container, new ContainerStopParameters(), Cancellation);
        await docker.Client.Networks.DeleteNetworkAsync("waent", Cancellation);
        await Assert.ThrowsAsync<DockerNetworkNotFoundException>(() => docker.Client.Networks.InspectNetworkAsync("waent", Cancellation));
        Assert.Equal(["bridge", "host", "none"], (await docker.Client.Networks.ListNetworksAsync(cancellationToken: Cancellation)).Select(n => n.Name));
        var refused = await Assert.ThrowsAnyAsync<DockerApiException>(() => docker.Client.Containers.StartContainerAsync(container, new ContainerStartParameters(), Cancellation));
        Assert.Contains("network waent not found", refused.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_in_use_stays()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = "whatsappMedia", Labels = new Dictionary<string, string> { ["kept"] = "yes" } }, Cancellation);
        var id = await docker.CreateAsync("wa", p => p.HostConfig.Mounts = [new Mount { Type = "volume", Source = "whatsappMedia", Target = "/usr/local/wamedia" }]);
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Volumes.RemoveAsync("whatsappMedia", cancellationToken: Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("volume is in use", refused.ResponseBody, StringComparison.Ordinal);
        Assert.Equal("yes", (await docker.Client.Volumes.InspectAsync("whatsappMedia", Cancellation)).Labels["kept"]);
        Assert.Single((await docker.Client.Volumes.ListAsync(Cancellation)).Volumes);
        await docker.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { RemoveVolumes = true }, Cancellation);
        Assert.Single(docker.Host.Volumes.All);
        await docker.Client.Volumes.RemoveAsync("whatsappMedia", cancellationToken: Cancellation);
        Assert.Empty(docker.Host.Volumes.All);
    }

    internal static void Publish(CreateContainerParameters parameters, string port, int hostPort) =>
        parameters.HostConfig.PortBindings = new Dictionary<string, IList<PortBinding>>
        {
            [port] = [new PortBinding { HostPort = hostPort.ToString(System.Globalization.CultureInfo.InvariantCulture) }],
        };

    private static void Join(CreateContainerParameters parameters, string network, string alias)
    {
        parameters.HostConfig.NetworkMode = network;
        parameters.NetworkingConfig = new NetworkingConfig
        {
            EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() { Aliases = [alias] } },
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
