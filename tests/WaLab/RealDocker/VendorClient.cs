using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using WaLab.Servers;
using WaLab.Service;
using WaLab.Setups;
using WaSimulator.DockerApi;
using WaSimulator.Service;

namespace WaLab.RealDocker;

/// <summary>
/// A client that docker-compose started on real hosts from one of the vendor's files, with a service of its own. The
/// hosts and the database server are the caller's.
/// </summary>
public sealed class VendorClient : IAsyncDisposable
{
    /// <summary>The client's version.</summary>
    public const string Version = "2.53.1";

    /// <summary>The compose project on every host.</summary>
    public const string Project = "waent";

    /// <summary>The number that <see cref="RegisterAsync"/> gives it.</summary>
    public const string Number = "16315551019";

    private const int ApiPort = 9090;
    private const double Scale = 0.02;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly RealDockerHosts _hosts;
    private readonly WhatsAppService _service;

    private VendorClient(RealDockerHosts hosts, IReadOnlyList<DockerEngine> engines, WhatsAppService service)
    {
        _hosts = hosts;
        Engines = engines;
        _service = service;
        Service = new ServiceControl(service.Address);
        ApiUri = new Uri($"https://{engines[0].Address}:{ApiPort}");
        Api = new ClientApi(() => ApiUri, () => Password, string.Empty, IsItsCertificate);
    }

    /// <summary>The hosts that it runs on.</summary>
    public IReadOnlyList<DockerEngine> Engines { get; }

    /// <summary>What the service knows.</summary>
    public ServiceControl Service { get; }

    /// <summary>The Webapp of the first host.</summary>
    public Uri ApiUri { get; }

    /// <summary>The lab's own way to the API.</summary>
    public ClientApi Api { get; }

    /// <summary>The administrator's password now.</summary>
    public string Password { get; private set; } = "secret";

    /// <summary>SHA-256 of the certificate of the first host's Webapp, hexadecimal; after <see cref="LoginAsync"/>.</summary>
    public string Thumbprint => Certificate!.GetCertHashString(HashAlgorithmName.SHA256);

    private X509Certificate2? Certificate { get; set; }

    /// <summary>Clears that many of the hosts and starts the file on each of them.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="count">How many of them, from the first on.</param>
    /// <param name="composeFile">A name of <see cref="VendorCompose"/>.</param>
    /// <param name="database">The database server, which listens on the hosts' network.</param>
    /// <param name="log">Told when something must be installed or made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LabServerMissingException">It cannot be had here.</exception>
    public static async Task<VendorClient> StartAsync(
        RealDockerHosts hosts, int count, string composeFile, VendorDatabase database, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(database);
        var file = VendorCompose.Find(composeFile);
        var tell = log ?? (_ => { });
        var service = await WhatsAppService.StartAsync(
            [new IPEndPoint(hosts.Network.Gateway, 0)], Scale, TimeProvider.System, tell, cancellationToken);
        var client = new VendorClient(hosts, [.. hosts.Engines.Take(count)], service);
        try
        {
            await client.UpAsync(file, database, tell, cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Logs in for the first time, as soon as the Webapp is up.</summary>
    public async Task LoginAsync(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        Certificate = await ReadCertificateAsync(limit.Token);
        var changed = "Wa-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(6)) + "a1!";
        while (true)
        {
            try
            {
                await Api.LoginAsync(Password, changed, limit.Token);
                Password = changed;
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200, limit.Token);
            }
        }
    }

    /// <summary>Waits until that is true of the health that the API tells.</summary>
    public Task WaitAsync(Func<JsonObject, bool> isReached, CancellationToken cancellationToken = default) =>
        HealthWatch.WaitAsync("the vendor's client to be as it must", Api, isReached, Patience, LogsAsync, cancellationToken);

    /// <summary>Registers the client, once all of its nodes have joined the service.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken = default)
    {
        var nodes = new List<string>();
        foreach (var engine in Engines)
        {
            var containers = await engine.Api.ContainersAsync(cancellationToken);
            nodes.AddRange(containers.Where(one => one.Service is not "waweb").Select(one => one.Id[..12]));
        }

        await Service.RegisterAsync(Number, "Acme", nodes, nodes.Count, Patience, cancellationToken);
    }

    /// <summary>The last lines of every container.</summary>
    public async Task<string> LogsAsync(CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        foreach (var engine in Engines)
        {
            foreach (var container in await engine.Api.ContainersAsync(cancellationToken))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{engine.Name} {container.Name} {container.State}");
                text.AppendLine(await engine.Api.LogAsync(container.Id, 30, cancellationToken));
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var engine in Engines)
        {
            await RealGround.ClearAsync(engine);
        }

        Api.Dispose();
        Certificate?.Dispose();
        Service.Dispose();
        await _service.DisposeAsync();
    }

    private async Task UpAsync(string file, VendorDatabase database, Action<string> log, CancellationToken cancellationToken)
    {
        // The vendor's db.env calls the server db; what that is, the lab's name server says.
        _hosts.Names.Set(VendorDatabase.Host, _hosts.Network.Gateway);
        var images = await SimulatorImages.CreateAsync(
            DockerImage.Vendor(
                Version,
                new DateOnly(2030, 1, 1),
                new Dictionary<string, string>
                {
                    ["WA_SIM_SERVICE"] = _service.Address.ToString(),
                    ["WA_SIM_SCALE"] = Scale.ToString(CultureInfo.InvariantCulture),
                }),
            log,
            cancellationToken);
        await Task.WhenAll(Engines.Select(async engine =>
        {
            await RealGround.ClearAsync(engine, cancellationToken);
            await images.LoadAsync(engine.Api, cancellationToken);
            var variables = new Dictionary<string, string> { ["WA_API_VERSION"] = Version, ["EXTERNAL_HOSTNAME"] = engine.Name };
            var project = await ComposeProject.CreateAsync(engine, file, Project, database.Lines, variables, log, cancellationToken);
            await project.UpAsync(cancellationToken);
        }));
    }

    /// <summary>The Webapp makes its certificate when it starts.</summary>
    private async Task<X509Certificate2> ReadCertificateAsync(CancellationToken cancellationToken)
    {
        var engine = Engines[0];
        while (true)
        {
            var web = (await engine.Api.ContainersAsync(cancellationToken)).Single(container => container.Service == "waweb");
            if (await engine.Api.FileAsync(web.Id, "/etc/lighttpd/server.pem", cancellationToken) is { } pem)
            {
                return X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private bool IsItsCertificate(byte[] shown) => Certificate?.RawDataMemory.Span.SequenceEqual(shown) == true;
}
