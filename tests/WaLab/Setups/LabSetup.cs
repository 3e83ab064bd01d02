using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WaLab.Proxies;
using WaLab.RealDocker;
using WaLab.Servers;
using WaSimulator.DockerApi;

namespace WaLab.Setups;

/// <summary>One side of a migration: its Docker hosts, a client on them (or none yet), and its databases.</summary>
public sealed class LabSetup : IDisposable
{
    private readonly string _folder;

    internal LabSetup(string name, string folder, ILabSide side)
    {
        Name = name;
        _folder = folder;
        Side = side;
        Api = new ClientApi(DirectAddress, () => Password, ApiKey, IsItsCertificate);
    }

    /// <summary>old or new.</summary>
    public string Name { get; }

    /// <summary>The nodes that it has, or is to have.</summary>
    public required LabTopology Topology { get; init; }

    /// <summary>The client's version, without the v.</summary>
    public required string ClientVersion { get; init; }

    /// <summary>The compose project: containers are called after it.</summary>
    public required string Project { get; init; }

    /// <summary>The compose network.</summary>
    public string NetworkName => Project + "_default";

    /// <summary>The compose volume for media.</summary>
    public string MediaVolume => Project + "_whatsappMedia";

    /// <summary>The embedded Docker host itself.</summary>
    /// <exception cref="InvalidOperationException">This side is on real ones.</exception>
    public EmbeddedDockerHost Engine => (Side as EmbeddedSide)?.Engine
        ?? throw new InvalidOperationException($"The {Name} side runs on real Docker hosts.");

    /// <summary>The real Docker hosts; none on the embedded one.</summary>
    public IReadOnlyList<DockerEngine> RealEngines => (Side as RealSide)?.Engines ?? [];

    /// <summary>The addresses of all its Docker hosts for the module: through the proxies, if there are any.</summary>
    public required IReadOnlyList<Uri> DockerHosts { get; init; }

    /// <summary>The first of them.</summary>
    public Uri DockerHost => DockerHosts[0];

    /// <summary>The (first) Docker host's address past the proxy.</summary>
    public Uri DirectDockerHost => DirectDockerHosts[0];

    /// <summary>All its Docker hosts past the proxies.</summary>
    public IReadOnlyList<Uri> DirectDockerHosts => [.. Side.Sockets.Select(socket => new Uri("unix://" + socket))];

    /// <summary>The hosts past the proxies.</summary>
    internal ILabSide Side { get; }

    /// <summary>The unix socket of the (first) Docker host past the proxy.</summary>
    internal string DirectSocket => Side.Sockets[0];

    /// <summary>The API's address for the module: the port that the Webapp publishes. A proxy answers there, if there is one.</summary>
    public required Uri ApiUri { get; init; }

    /// <summary>The port that Webapps publish, one after the other.</summary>
    public required IReadOnlyList<int> ApiPorts { get; init; }

    /// <summary>The proxy on the way to the API.</summary>
    public HttpProxy? ApiProxy { get; init; }

    /// <summary>The proxies on the way to the Docker hosts.</summary>
    public IReadOnlyList<HttpProxy> DockerProxies { get; init; } = [];

    /// <summary>The proxy on the way to the (first) Docker host.</summary>
    public HttpProxy? DockerProxy => DockerProxies.Count > 0 ? DockerProxies[0] : null;

    /// <summary>The API's administrator.</summary>
    public static string User => "admin";

    /// <summary>The administrator's password now; <c>secret</c> on a client that nobody has logged in to.</summary>
    public string Password { get; set; } = "secret";

    /// <summary>What the password is to become at the first login.</summary>
    public string NewPassword { get; } = "Wa-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(6)) + "a1!";

    /// <summary>The monitoring key of the Webapp.</summary>
    public string ApiKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The key that the Webapp signs tokens with.</summary>
    public string JwtKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The database server's kind.</summary>
    public required LabDatabaseEngine DatabaseProduct { get; init; }

    /// <summary>The engine as <c>WA_DB_ENGINE</c> names it, which has one word for MySQL and MariaDB.</summary>
    public string DatabaseEngine => DatabaseProduct == LabDatabaseEngine.PostgreSql ? "PGSQL" : "MYSQL";

    /// <summary>The database server.</summary>
    public required string DatabaseServer { get; init; }

    /// <summary>Its port.</summary>
    public required int DatabasePort { get; init; }

    /// <summary>The account of the client and of the migration; it may create databases.</summary>
    public required string DatabaseUser { get; init; }

    /// <summary>Its password.</summary>
    public required string DatabasePassword { get; init; }

    /// <summary>What all databases of this side begin with.</summary>
    public required string NamePrefix { get; init; }

    /// <summary>The lab's own way to the API, past the proxies.</summary>
    public ClientApi Api { get; }

    /// <summary>Where it keeps sockets and files.</summary>
    public string Folder => _folder;

    /// <summary>The names of the containers that there are now, on all its Docker hosts.</summary>
    public IReadOnlyList<string> ContainerNames => Side.ContainerNames();

    /// <summary>
    /// Installs the client, unregistered, as the vendor's compose file does, and waits for a Webapp that listens; the
    /// containers' ids by service.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> InstallAsync(CancellationToken cancellationToken = default)
    {
        var containers = await new ComposeClient(this).InstallAsync(cancellationToken);
        while (Side.ApiAddress() is null)
        {
            await Task.Delay(20, cancellationToken);
        }

        return containers;
    }

    /// <summary>Brings a client that was removed up again, as a person does with the compose file that is still there.</summary>
    public Task StartAgainAsync(CancellationToken cancellationToken = default) => new ComposeClient(this).UpAsync(cancellationToken);

    /// <summary>Waits until exactly what must be connected is connected.</summary>
    public Task WaitHealthyAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        HealthWatch.WaitAsync(this, timeout ?? TimeSpan.FromSeconds(60), cancellationToken);

    /// <summary>Sends a text to the lab's test contact; the id of the message.</summary>
    public Task<string> SendMessageAsync(string text, CancellationToken cancellationToken = default) =>
        Api.SendTextAsync(Lab.TestContact, text, cancellationToken);

    /// <summary>The certificate that the Webapp serves, with its key; it is there once the Webapp has started.</summary>
    public X509Certificate2 LoadCertificate()
    {
        var pem = Side.CertificatePem() ?? throw new InvalidOperationException($"No Webapp has started on the {Name} side yet.");
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);

        // Through a container, since not every TLS layer takes a key that lives in memory alone.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>SHA-256 of the Webapp's certificate, hexadecimal: the pin. Waits for the Webapp's start.</summary>
    public async Task<string> GetCertificateThumbprintAsync(CancellationToken cancellationToken = default)
    {
        while (Side.CertificatePem() is null)
        {
            await Task.Delay(20, cancellationToken);
        }

        using var certificate = LoadCertificate();
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();

    internal Uri DirectAddress() => Side.ApiAddress() ?? throw new HttpRequestException($"No Webapp runs on the {Name} side.");

    private bool IsItsCertificate(byte[] shown)
    {
        using var known = LoadCertificate();
        return known.RawDataMemory.Span.SequenceEqual(shown);
    }
}
