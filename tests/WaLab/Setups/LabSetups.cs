using System.Globalization;
using System.Net;
using WaLab.Net;
using WaLab.Proxies;
using WaLab.RealDocker;
using WaLab.Servers;
using WaSimulator.DockerApi;
using WaSimulator.Hosting;

namespace WaLab.Setups;

/// <summary>Makes the two sides of a lab: Docker hosts, images, proxies, database account.</summary>
internal sealed class LabSetups(
    LabOptions options, LabResources resources, LabDatabases databases, LabPorts ports, string folder, string labId, Uri service, RealGround? ground)
{
    private static readonly DateOnly Expires = new(2027, 12, 31);
    private readonly EmbeddedFabric _fabric = new();

    private int HostsPerSide => options.Hosts == LabHosts.RealTwo ? 2 : 1;

    public Task<LabSetup> CreateAsync(string name, LabTopology topology, string version, CancellationToken cancellationToken) => ground is null
        ? CreateEmbeddedAsync(name, topology, version, cancellationToken)
        : CreateRealAsync(ground, name, topology, version, cancellationToken);

    private async Task<LabSetup> CreateEmbeddedAsync(string name, LabTopology topology, string version, CancellationToken cancellationToken)
    {
        var account = await AccountAsync(name, cancellationToken);
        var apiPorts = ports.Reserve(topology.Webapps);
        var published = new PublishedApi();

        // Before the Docker host, so that it is still there when the host ends its containers.
        LabSetup? setup = null;
        var apiProxy = await ApiProxyAsync(apiPorts[0], null, () => setup!, cancellationToken);
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
        var dockerProxies = await DockerProxiesAsync(name, [direct], cancellationToken);
        setup = resources.Add(new LabSetup(name, folder, new EmbeddedSide(engine))
        {
            Topology = topology,
            ClientVersion = version,
            Project = "wa" + name,
            DockerHosts = options.ProxyLinks ? [.. dockerProxies.Select(AddressOf)] : [engine.TcpAddress ?? engine.Address],
            ApiUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{apiPorts[0]}")),
            ApiPorts = apiPorts,
            ApiProxy = apiProxy,
            DockerProxies = dockerProxies,
            DatabaseProduct = databases.Server.Engine,
            DatabaseServer = LabDatabaseServers.Host,
            DatabasePort = databases.Server.Port,
            DatabaseUser = account.User,
            DatabasePassword = account.Password,
            NamePrefix = account.Prefix,
        });
        if (apiProxy is not null)
        {
            published.Use(apiProxy);
        }

        AddImages(engine, topology, version);
        return setup;
    }

    private async Task<LabSetup> CreateRealAsync(RealGround real, string name, LabTopology topology, string version, CancellationToken cancellationToken)
    {
        var account = await AccountAsync(name, cancellationToken);
        var engines = real.Hosts.Engines.Skip(name == "old" ? 0 : HostsPerSide).Take(HostsPerSide).ToList();
        if (engines.Count < HostsPerSide)
        {
            throw new InvalidOperationException($"The {name} side wants {HostsPerSide} more Docker hosts than the {real.Hosts.Engines.Count} that there are.");
        }

        // One port for all hosts: on each of them it is free.
        var apiPorts = ports.Reserve(HostsPerSide == 1 ? topology.Webapps : 1);
        var side = new RealSide(engines, apiPorts[0]);
        LabSetup? setup = null;
        var apiProxy = await ApiProxyAsync(apiPorts[0], side.Api, () => setup!, cancellationToken);
        var dockerProxies = await DockerProxiesAsync(name, side.Sockets, cancellationToken);
        setup = resources.Add(new LabSetup(name, folder, side)
        {
            Topology = topology,
            ClientVersion = version,
            Project = "wa" + name,
            DockerHosts = options.ProxyLinks ? [.. dockerProxies.Select(AddressOf)] : [.. engines.Select(engine => engine.UnixAddress)],
            ApiUri = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://{(apiProxy is null ? engines[0].Address : IPAddress.Loopback)}:{apiPorts[0]}")),
            ApiPorts = apiPorts,
            ApiProxy = apiProxy,
            DockerProxies = dockerProxies,
            DatabaseProduct = databases.Server.Engine,
            DatabaseServer = real.Hosts.Network.Gateway.ToString(),
            DatabasePort = databases.Server.Port,
            DatabaseUser = account.User,
            DatabasePassword = account.Password,
            NamePrefix = account.Prefix,
        });
        if (apiProxy is not null)
        {
            resources.Add(FollowedApi.Start(side, apiProxy));
        }

        if (options is { Ground: not null, OwnsGround: false })
        {
            resources.Add(new Cleared(engines));
        }

        var images = await SimulatorImages.CreateAsync(
            KnownVersions(version).SelectMany(known => DockerImage.Vendor(known, Expires, VariablesOf(topology))), options.Log, cancellationToken);
        await Task.WhenAll(engines.Select(engine => images.LoadAsync(engine.Api, cancellationToken)));
        return setup;
    }

    private async Task<(string User, string Password, string Prefix)> AccountAsync(string name, CancellationToken cancellationToken)
    {
        var user = $"wa_{labId}_{name}";
        var prefix = $"l{labId}{name[0]}_";
        return (user, await databases.CreateAccountAsync(user, prefix, cancellationToken), prefix);
    }

    private static Uri AddressOf(HttpProxy proxy) => proxy.Address.UnixSocket is { } path
        ? new Uri("unix://" + path)
        : new Uri(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{proxy.Address.TcpPort}"));

    private async Task<HttpProxy?> ApiProxyAsync(int port, LabAddress? upstream, Func<LabSetup> setup, CancellationToken cancellationToken) => options.ProxyLinks
        ? resources.Add(await HttpProxy.StartAsync(
            new HttpProxyOptions
            {
                Listen = new LabAddress(port),
                Upstream = upstream,
                Certificate = _ => Task.Run(() => setup().LoadCertificate(), CancellationToken.None),
                FollowsServer = true,
                TimeProvider = options.TimeProvider,
            },
            cancellationToken))
        : null;

    private async Task<IReadOnlyList<HttpProxy>> DockerProxiesAsync(string name, IReadOnlyList<string> sockets, CancellationToken cancellationToken)
    {
        var proxies = new List<HttpProxy>();
        foreach (var socket in options.ProxyLinks ? sockets : [])
        {
            var own = Path.Combine(folder, proxies.Count == 0 ? name + ".sock" : string.Create(CultureInfo.InvariantCulture, $"{name}{proxies.Count + 1}.sock"));
            proxies.Add(resources.Add(await HttpProxy.StartAsync(
                new HttpProxyOptions
                {
                    Listen = options.DockerTransport == DockerTransport.Tcp ? new LabAddress(0) : new LabAddress(0, own),
                    Upstream = new LabAddress(0, socket),
                    TimeProvider = options.TimeProvider,
                },
                cancellationToken)));
        }

        return proxies;
    }

    /// <summary>Both versions are there, or can be pulled, so that a test may install the other side's.</summary>
    private IEnumerable<string> KnownVersions(string own) =>
        new[] { own, options.ClientVersion, options.NewClientVersion ?? options.ClientVersion }.Distinct(StringComparer.Ordinal);

    private Dictionary<string, string> VariablesOf(LabTopology topology) => new(options.ImageVariables)
    {
        ["WA_SIM_SERVICE"] = service.ToString(),
        ["WA_SIM_SCALE"] = options.Scale.ToString(CultureInfo.InvariantCulture),
        ["WA_SIM_SHARDS"] = topology.Shards.ToString(CultureInfo.InvariantCulture),
        ["WA_SIM_SHARDS_UNREGISTERED"] = options.ShardsReadableUnregistered ? "1" : "0",
    };

    private void AddImages(EmbeddedDockerHost engine, LabTopology topology, string version)
    {
        var variables = VariablesOf(topology);
        foreach (var image in DockerImage.Vendor(version, Expires, variables))
        {
            engine.Images.Add(image);
        }

        foreach (var image in KnownVersions(version).SelectMany(known => DockerImage.Vendor(known, Expires, variables)))
        {
            engine.Images.AddToRegistry(image);
        }
    }

    /// <summary>Leaves hosts that other labs will use as they were.</summary>
    private sealed class Cleared(IReadOnlyList<DockerEngine> engines) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.WhenAll(engines.Select(engine => RealGround.ClearAsync(engine)));
    }
}
