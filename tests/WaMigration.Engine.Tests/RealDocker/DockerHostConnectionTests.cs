using System.Diagnostics;
using System.Text;
using WaLab.RealDocker;
using WaMigration.Containers;
using WaMigration.Engine.Tests.Lab;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.RealDocker;

/// <summary>The product's own connection against real engines, on every way to them.</summary>
public sealed class DockerHostConnectionTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_unix_socket_a_client_is_made_looked_at_and_removed()
    {
        await using var hosts = await StartAsync(1);
        await GoThroughAsync(hosts.Engines[0], DockerHosts.Connect(hosts.Engines[0].UnixAddress, null, Timeout));
    }

    [Fact]
    public async Task By_tcp_with_tls_a_client_is_made_looked_at_and_removed()
    {
        await using var hosts = await StartAsync(1);
        var engine = hosts.Engines[0];
        await GoThroughAsync(engine, DockerHosts.Connect(engine.TcpAddress, engine.CertificateFolder, Timeout));
    }

    [Fact]
    public async Task By_ssh_a_client_is_made_looked_at_and_removed()
    {
        await using var hosts = await StartAsync(1);
        var engine = hosts.Engines[0];
        await LabServers.OrSkip(async () =>
        {
            await engine.StartSshAsync(RealHosts.Log, Cancellation);
            return true;
        });
        RealHosts.PutSshFirst(hosts);
        await GoThroughAsync(engine, DockerHosts.Connect(engine.SshAddress, null, Timeout));
    }

    [Fact]
    public async Task Tls_works_one_way_only()
    {
        await using var hosts = await StartAsync(1);
        await using var strangers = await RealHosts.StartAsync(1);
        var engine = hosts.Engines[0];

        // Certificates of another authority: neither side trusts the other.
        var refused = await Assert.ThrowsAsync<WaException>(
            () => DockerHosts.Connect(engine.TcpAddress, strangers.Engines[0].CertificateFolder, Timeout).GetVersionAsync(Cancellation));
        Assert.Equal("DockerHostUnreachable", refused.Kind.Id);
        await Assert.ThrowsAsync<WaException>(() => DockerHosts.Connect(engine.TcpAddress, null, Timeout).GetVersionAsync(Cancellation));
    }

    [Fact]
    public async Task A_host_that_is_down_is_named()
    {
        await using var hosts = await StartAsync(1);
        var engine = hosts.Engines[0];
        var host = DockerHosts.Connect(engine.TcpAddress, engine.CertificateFolder, TimeSpan.FromSeconds(3));
        await host.GetVersionAsync(Cancellation);
        await engine.Machine.PowerOffAsync();
        var watch = Stopwatch.StartNew();
        var down = await Assert.ThrowsAsync<WaException>(() => host.ListContainersAsync(Cancellation));
        Assert.Contains(engine.Address.ToString(), down.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        await engine.StartAsync(Cancellation);
        await host.ListContainersAsync(Cancellation);
    }

    private static Task<RealDockerHosts> StartAsync(int count) => RealHosts.StartAsync(count);

    private static async Task GoThroughAsync(DockerEngine engine, IDockerHost host)
    {
        const string image = "docker.whatsapp.biz/coreapp:v2.53.1";
        Assert.Equal((string?)(await engine.Api.GetAsync("version", Cancellation))["Version"], await host.GetVersionAsync(Cancellation));
        Assert.False(await host.HasImageAsync(image, Cancellation));
        var images = await SimulatorImages.CreateAsync(
            DockerImage.Vendor("2.53.1", new DateOnly(2030, 1, 1), new Dictionary<string, string>()), RealHosts.Log, Cancellation);
        await images.LoadAsync(engine.Api, Cancellation);
        Assert.True(await host.HasImageAsync(image, Cancellation));

        var labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "waent" };
        await host.EnsureVolumeAsync("waent_whatsappMedia", labels, Cancellation);
        await host.EnsureNetworkAsync("waent_default", labels, Cancellation);
        await host.EnsureNetworkAsync("waent_default", labels, Cancellation);
        var id = await host.CreateContainerAsync(Definition(image), Cancellation);
        await host.StartContainerAsync(id, Cancellation);
        await host.StartContainerAsync(id, Cancellation);
        var running = Assert.Single(await host.ListContainersAsync(Cancellation));
        Assert.Equal(("waent_wacore_1", "running", image), (running.Name, running.State, running.Image));

        var detail = (await host.InspectContainerAsync(id, Cancellation))!;
        Assert.Equal(Definition(image).Command, detail.Definition.Command);
        Assert.Equal("unless-stopped", detail.Definition.RestartPolicy);
        Assert.Equal(["MKNOD"], detail.Definition.CapDrop);
        Assert.Contains("WA_DB_HOSTNAME=db", detail.Definition.Environment);
        Assert.Contains(new PortPublication(6252, "tcp", string.Empty, 6252), detail.Definition.Ports.Select(port => port with { HostAddress = string.Empty }));
        Assert.Contains(detail.Definition.Mounts, mount => mount is { Source: "waent_whatsappMedia", Target: "/usr/local/wamedia" });
        var file = await host.ReadFileAsync(id, "/opt/whatsapp/image", Cancellation);
        Assert.Equal("coreapp 2.53.1\n", Encoding.UTF8.GetString(file!));
        Assert.Null(await host.ReadFileAsync(id, "/no/such/file", Cancellation));
        Assert.Contains("ready to work", await LinesAsync(host, id));

        await host.SetRestartPolicyAsync(id, "no", Cancellation);
        await host.RestartContainerAsync(id, TimeSpan.FromSeconds(5), Cancellation);
        await host.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancellation);
        await host.StopContainerAsync(id, TimeSpan.FromSeconds(5), Cancellation);
        var stopped = (await host.InspectContainerAsync(id, Cancellation))!;
        Assert.Equal(("exited", "no"), (stopped.State, stopped.Definition.RestartPolicy));

        // What was read makes the same container again.
        await host.RemoveContainerAsync(id, Cancellation);
        Assert.Null(await host.InspectContainerAsync(id, Cancellation));
        var again = await host.CreateContainerAsync(stopped.Definition, Cancellation);
        var remade = (await host.InspectContainerAsync(again, Cancellation))!.Definition;
        Assert.Equivalent(stopped.Definition with { Hostname = remade.Hostname }, remade, strict: true);
        await host.RemoveContainerAsync(again, Cancellation);
        await host.RemoveContainerAsync(again, Cancellation);
        var volumes = (await engine.Api.GetAsync("volumes", Cancellation))["Volumes"]!.AsArray();
        Assert.Equal(["waent_whatsappMedia"], volumes.Select(volume => (string?)volume!["Name"]));
    }

    private static async Task<string> LinesAsync(IDockerHost host, string id)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await host.ReadLogAsync(id, 10, Cancellation) is { Count: > 0 } lines)
            {
                return string.Join('\n', lines);
            }

            await Task.Delay(100, Cancellation);
        }

        return string.Empty;
    }

    private static ContainerDefinition Definition(string image) => new()
    {
        Name = "waent_wacore_1",
        Image = image,
        Command = ["sh", "-c", "trap 'exit 0' TERM; echo ready to work; while :; do sleep 1 & wait $!; done"],
        Environment = ["WA_DB_HOSTNAME=db", "WA_DB_PASSWORD=not this one"],
        Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "waent", ["com.docker.compose.service"] = "wacore" },
        Ports = [new PortPublication(6252, "tcp", string.Empty, 6252)],
        Mounts = [new ContainerMount("volume", "waent_whatsappMedia", "/usr/local/wamedia", false)],
        Networks = [new NetworkAttachment("waent_default", ["wacore"])],
        NetworkMode = "waent_default",
        RestartPolicy = "unless-stopped",
        CapDrop = ["MKNOD"],
    };
}
