using System.Globalization;
using System.Net;
using WaLab.Net;
using WaLab.Proxies;
using WaSimulator.DockerApi;
using WaSimulator.Hosting;

namespace WaLab.Setups;

/// <summary>Makes the two sides of a lab: Docker host, images, proxies, database account.</summary>
internal sealed class LabSetups(
    LabOptions options, LabResources resources, LabDatabases databases, LabPorts ports, string folder, string labId, Uri service)
{
    private static readonly DateOnly Expires = new(2027, 12, 31);
    private readonly EmbeddedFabric _fabric = new();

    public async Task<LabSetup> CreateAsync(string name, LabTopology topology, string version, CancellationToken cancellationToken)
    {
        var account = $"wa_{labId}_{name}";
        var prefix = $"l{labId}{name[0]}_";
        var password = await databases.CreateAccountAsync(account, prefix, cancellationToken);
        var apiPorts = ports.Reserve(topology.Webapps);
        var published = new PublishedApi();

        // Before the Docker host, so that it is still there when the host ends its containers.
        LabSetup? setup = null;
        var apiProxy = options.ProxyLinks
            ? resources.Add(await HttpProxy.StartAsync(
                new HttpProxyOptions
                {
                    Listen = new LabAddress(apiPorts[0]),
                    Certificate = _ => Task.Run(() => setup!.LoadCertificate(), CancellationToken.None),
                    FollowsServer = true,
                    TimeProvider = options.TimeProvider,
                },
                cancellationToken))
            : null;
        var direct = Path.Combine(folder, name + "-engine.sock");
        var engine = resources.Add(await EmbeddedDockerHost.StartAsync(
            new EmbeddedDockerHostOptions
            {
                Name = name,
                UnixSocket = direct,
                Tcp = options is { ProxyLinks: false, DockerTransport: DockerTransport.Tcp } ? new IPEndPoint(IPAddress.Loopback, 0) : null,
                Fabric = _fabric,
                TimeProvider = options.TimeProvider,
                NodeFactory = SimNodes.Create,
                PublishedPort = port => options.ProxyLinks && port == apiPorts[0] ? published : null,
            },
            cancellationToken));
        var dockerProxy = options.ProxyLinks ? resources.Add(await DockerProxyAsync(name, direct, cancellationToken)) : null;
        setup = resources.Add(new LabSetup(name, folder)
        {
            Topology = topology,
            ClientVersion = version,
            Project = "wa" + name,
            Engine = engine,
            DockerHost = dockerProxy is null ? (engine.TcpAddress ?? engine.Address) : AddressOf(dockerProxy),
            ApiUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{apiPorts[0]}")),
            ApiPorts = apiPorts,
            ApiProxy = apiProxy,
            DockerProxy = dockerProxy,
            DatabaseServer = Servers.LabPostgres.Host,
            DatabasePort = databases.Server.Port,
            DatabaseUser = account,
            DatabasePassword = password,
            NamePrefix = prefix,
        });
        if (apiProxy is not null)
        {
            published.Use(apiProxy);
        }

        AddImages(engine, topology, version);
        return setup;
    }

    private static Uri AddressOf(HttpProxy proxy) => proxy.Address.UnixSocket is { } path
        ? new Uri("unix://" + path)
        : new Uri(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{proxy.Address.TcpPort}"));

    private Task<HttpProxy> DockerProxyAsync(string name, string direct, CancellationToken cancellationToken) => HttpProxy.StartAsync(
        new HttpProxyOptions
        {
            Listen = options.DockerTransport == DockerTransport.Tcp ? new LabAddress(0) : new LabAddress(0, Path.Combine(folder, name + ".sock")),
            Upstream = new LabAddress(0, direct),
            TimeProvider = options.TimeProvider,
        },
        cancellationToken);

    private void AddImages(EmbeddedDockerHost engine, LabTopology topology, string version)
    {
        var variables = new Dictionary<string, string>(options.ImageVariables)
        {
            ["WA_SIM_SERVICE"] = service.ToString(),
            ["WA_SIM_SCALE"] = options.Scale.ToString(CultureInfo.InvariantCulture),
            ["WA_SIM_SHARDS"] = topology.Shards.ToString(CultureInfo.InvariantCulture),
            ["WA_SIM_SHARDS_UNREGISTERED"] = options.ShardsReadableUnregistered ? "1" : "0",
        };
        foreach (var image in DockerImage.Vendor(version, Expires, variables))
        {
            engine.Images.Add(image);
        }

        // Both versions can be pulled, so that a test may install the other side's.
        foreach (var known in new[] { options.ClientVersion, options.NewClientVersion ?? options.ClientVersion }.Distinct())
        {
            foreach (var image in DockerImage.Vendor(known, Expires, variables))
            {
                engine.Images.AddToRegistry(image);
            }
        }
    }
}
