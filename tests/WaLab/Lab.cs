using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WaLab.Net;
using WaLab.Proxies;
using WaLab.RealDocker;
using WaLab.Servers;
using WaLab.Service;
using WaLab.Setups;
using WaLab.Webhooks;
using WaSimulator.Service;

namespace WaLab;

/// <summary>
/// An old and a new setup with everything around them: Docker hosts, databases, proxies on the links, the service, and a
/// webhook receiver. What it started ends with it.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly LabResources _resources = new();
    private LabDatabases _databases = null!;

    private Lab(LabOptions options) => Options = options;

    /// <summary>The two-step code of the old client.</summary>
    public static string Pin => "204060";

    /// <summary>What it was made of.</summary>
    public LabOptions Options { get; }

    /// <summary>The side that is migrated from.</summary>
    public LabSetup Old { get; private set; } = null!;

    /// <summary>The side that is migrated to.</summary>
    public LabSetup New { get; private set; } = null!;

    /// <summary>The phone number, digits.</summary>
    public string Number { get; private set; } = "";

    /// <summary>A person who takes, reads, and may be written to freely.</summary>
    public static string TestContact => LabSeeding.ContactId(0);

    /// <summary>What the service knows.</summary>
    public ServiceControl Service { get; private set; } = null!;

    /// <summary>The business's webhook server.</summary>
    public WebhookReceiver Webhook { get; private set; } = null!;

    /// <summary>The database server.</summary>
    public ILabDatabaseServer DatabaseServer => _databases.Server;

    /// <summary>A folder for files of the test; removed at the end.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>Starts a lab.</summary>
    /// <exception cref="LabServerMissingException">A server is neither here nor to be had.</exception>
    public static async Task<Lab> StartAsync(LabOptions? options = null, CancellationToken cancellationToken = default)
    {
        var lab = new Lab(options ?? new LabOptions());
        try
        {
            await lab.BuildAsync(cancellationToken);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Holds the k-th matching request on a link; where <paramref name="onlyWhile"/> is given, of those that come while it
    /// says so. Paths are regular expressions, without the Docker API version.
    /// </summary>
    public ProxyHold HoldAt(LabLink link, string? method, string path, HoldPoint when, int occurrence = 1, Func<bool>? onlyWhile = null) =>
        ProxyOf(link).Hold(when, method, path, occurrence, onlyWhile);

    /// <summary>The proxy on a link.</summary>
    public HttpProxy ProxyOf(LabLink link) => link switch
    {
        LabLink.OldApi => Old.ApiProxy,
        LabLink.NewApi => New.ApiProxy,
        LabLink.OldDocker => Old.DockerProxy,
        LabLink.NewDocker => New.DockerProxy,
        LabLink.OldSecondDocker => Old.DockerProxies.ElementAtOrDefault(1),
        _ => New.DockerProxies.ElementAtOrDefault(1),
    } ?? throw new InvalidOperationException($"This lab has no proxy on {link}: ProxyLinks is off, or there is no such host.");

    /// <summary>Everything that a run could have changed, as it is now.</summary>
    public async Task<LabSnapshot> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setup in new[] { Old, New })
        {
            for (var host = 0; host < setup.Side.Sockets.Count; host++)
            {
                await AddHostAsync(setup.Side.Sockets[host], host == 0 ? setup.Name : $"{setup.Name}{host + 1}", items, cancellationToken);
            }

            foreach (var database in await _databases.ListAsync(setup.NamePrefix, cancellationToken))
            {
                foreach (var (table, digest) in await _databases.DigestAsync(database, cancellationToken))
                {
                    items[$"{setup.Name}/database/{database[setup.NamePrefix.Length..]}.{table}"] = digest;
                }
            }
        }

        return new LabSnapshot(items);
    }

    /// <summary>Rows and a digest of all rows, for every table of one of a side's stores.</summary>
    public Task<IReadOnlyDictionary<string, string>> DigestAsync(LabSetup setup, string store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return _databases.DigestAsync(setup.NamePrefix + store, cancellationToken);
    }

    /// <summary>Runs a statement as the server's superuser, in a database or, without one, in the server's own.</summary>
    public Task ExecuteAsync(string? database, string statement, CancellationToken cancellationToken = default) =>
        _databases.ExecuteAsync(database, statement, cancellationToken);

    /// <summary>The databases of a side, with its prefix.</summary>
    public Task<IReadOnlyList<string>> ListDatabasesAsync(LabSetup setup, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return _databases.ListAsync(setup.NamePrefix, cancellationToken);
    }

    /// <summary>Product and version of the database server, as it says itself.</summary>
    public Task<string> DescribeDatabaseServerAsync(CancellationToken cancellationToken = default) => _databases.DescribeAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _resources.DisposeAsync();

    private static async Task AddHostAsync(string socket, string name, Dictionary<string, string> items, CancellationToken cancellationToken)
    {
        using var docker = new DockerApiClient(socket);
        foreach (var container in await docker.ContainersAsync(cancellationToken))
        {
            LabSnapshot.Flatten($"{name}/container/{container.Name}", await docker.GetAsync($"containers/{container.Id}/json", cancellationToken), items);
        }

        foreach (var (kind, key) in new[] { ("volumes", "Name"), ("networks", "Name"), ("images/json", "Id") })
        {
            var answer = await docker.GetAsync(kind, cancellationToken);
            foreach (var one in (answer as JsonArray ?? answer["Volumes"] as JsonArray ?? []).OfType<JsonObject>())
            {
                LabSnapshot.Flatten($"{name}/{kind}/{one[key]}", one, items);
            }
        }
    }

    private async Task<RealGround?> GroundAsync(CancellationToken cancellationToken)
    {
        if (Options.Hosts == LabHosts.Embedded)
        {
            return null;
        }

        Options.Log("real Docker hosts");
        return Options is { Ground: { } shared, OwnsGround: false }
            ? shared
            : _resources.Add(Options.Ground ?? await RealGround.StartAsync(Options.Hosts == LabHosts.RealTwo ? 4 : 2, Options.Log, cancellationToken));
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
        Number = Options.Number ?? "1631555" + RandomNumberGenerator.GetInt32(1000, 9999);
        AbandonedServers.Remove("lab");
        Folder = LabFolders.CreateRuntime("lab");
        _resources.Add(() => Directory.Delete(Folder, recursive: true));
        LabFolders.SetMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var ground = await GroundAsync(cancellationToken);

        // Where everything is, containers included: real ones do not reach this machine's loopback.
        var here = ground?.Hosts.Network.Gateway ?? IPAddress.Loopback;
        Options.Log("database server");
        var server = ground is null
            ? Options.DatabaseServer ?? await LabDatabaseServers.SharedAsync(Options.DatabaseEngine, Options.Log)
            : await ground.DatabaseServerAsync(Options.DatabaseEngine, Options.Log);
        _databases = _resources.Add(LabDatabases.On(server));
        var ports = _resources.Add(new LabPorts());
        Webhook = _resources.Add(await WebhookReceiver.StartAsync(ground is null ? null : here, Options.TimeProvider, cancellationToken));
        var service = _resources.Add(await WhatsAppService.StartAsync(new IPEndPoint(here, 0), Options.Scale, Options.TimeProvider, cancellationToken));
        Service = _resources.Add(new ServiceControl(service.Address));
        var setups = new LabSetups(Options, _resources, _databases, ports, Folder, id, service.Address, ground);
        Old = await setups.CreateAsync("old", Options.Topology, Options.ClientVersion, cancellationToken);
        New = await setups.CreateAsync(
            "new", Options.NewTopology ?? Options.Topology, Options.NewClientVersion ?? Options.ClientVersion, cancellationToken);
        await Task.WhenAll(InstallOldAsync(cancellationToken), InstallNewAsync(cancellationToken));
    }

    private async Task InstallOldAsync(CancellationToken cancellationToken)
    {
        if (Options.OldInstalled)
        {
            Options.Log("old client");
            var containers = await Old.InstallAsync(cancellationToken);
            await new LabSeeding(Options, Old, Service, Webhook, Number).RunAsync(containers, cancellationToken);
            Options.Log("old client exchanges messages");
        }
    }

    private async Task InstallNewAsync(CancellationToken cancellationToken)
    {
        if (Options.NewInstalled)
        {
            Options.Log("new client");
            await New.InstallAsync(cancellationToken);
        }
    }
}
