using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using WaSimulator.DockerApi;
using Xunit;

namespace WaMigration.Engine.Tests.Lab.Docker;

/// <summary>An embedded Docker host, and the real client talking to it.</summary>
internal sealed class DockerProbe : IAsyncDisposable
{
    public const string Coreapp = "docker.whatsapp.biz/coreapp:v2.53.1";
    public const string Web = "docker.whatsapp.biz/web:v2.53.1";
    private readonly string _folder = Directory.CreateTempSubdirectory("wadock").FullName;

    public EmbeddedDockerHost Host { get; private set; } = null!;

    public DockerClient Client { get; private set; } = null!;

    public List<ProbeNode> Nodes { get; } = [];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<DockerProbe> StartAsync(bool tcp = false, EmbeddedFabric? fabric = null)
    {
        var probe = new DockerProbe();
        probe.Host = await EmbeddedDockerHost.StartAsync(
            new EmbeddedDockerHostOptions
            {
                UnixSocket = tcp ? null : Path.Combine(probe._folder, "docker.sock"),
                Tcp = tcp ? new IPEndPoint(IPAddress.Loopback, 0) : null,
                Fabric = fabric ?? new EmbeddedFabric(),
                NodeFactory = (spec, network, _, log, files) =>
                {
                    var node = new ProbeNode(spec, network, log, files);
                    lock (probe.Nodes)
                    {
                        probe.Nodes.Add(node);
                    }

                    return node;
                },
            },
            Cancellation);
        foreach (var image in DockerImage.Vendor("2.53.1", new DateOnly(2027, 1, 31), new Dictionary<string, string> { ["WA_SIM_SCALE"] = "0.02" }))
        {
            probe.Host.Images.Add(image);
        }

        using var configuration = new DockerClientConfiguration(probe.Host.Address);
        probe.Client = configuration.CreateClient(new System.Version(1, 41));
        return probe;
    }

    public async Task<string> CreateAsync(string name, Action<CreateContainerParameters>? change = null, string image = Coreapp)
    {
        var parameters = new CreateContainerParameters { Name = name, Image = image, HostConfig = new HostConfig() };
        change?.Invoke(parameters);
        return (await Client.Containers.CreateContainerAsync(parameters, Cancellation)).ID;
    }

    public async Task<string> RunAsync(string name, Action<CreateContainerParameters>? change = null, string image = Coreapp)
    {
        var id = await CreateAsync(name, change, image);
        Assert.True(await Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), Cancellation));
        return id;
    }

    public Task<ContainerInspectResponse> InspectAsync(string id) => Client.Containers.InspectContainerAsync(id, Cancellation);

    public async Task<ContainerInspectResponse> WaitForAsync(string id, Func<ContainerInspectResponse, bool> condition)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var found = await InspectAsync(id);
            if (condition(found))
            {
                return found;
            }

            await Task.Delay(10, Cancellation);
        }

        Assert.Fail("The container never got into the expected state.");
        throw new InvalidOperationException();
    }

    public ProbeNode LastNode()
    {
        lock (Nodes)
        {
            return Nodes[^1];
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
