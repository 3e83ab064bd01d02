using System.Runtime.CompilerServices;
using System.Security;
using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration.Setups;

/// <summary>The connections of one setup, made when they are first needed.</summary>
internal sealed class SetupConnections : ISetupConnections, IDisposable
{
    private readonly ApiSession session;
    private readonly Lazy<IReadOnlyList<IDockerHost>> dockerHosts;
    private readonly ConditionalWeakTable<Operation, IReadOnlyList<IDockerHost>> plannedHosts = new();

    internal SetupConnections(SetupOptions options)
    {
        Options = options;
        var pins = options.CertificateThumbprints
            .Select(thumbprint => CertificateTrust.Normalize(thumbprint) ?? throw ApiErrors.ThumbprintNotUsable.Error(thumbprint))
            .ToList();
        var trust = new CertificateTrust(pins, options.CaCertificates, options.SkipCertificateCheck);
        session = new ApiSession(
            new ApiTransport(BaseAddress(options.ApiUri), trust, options.Timeout),
            options.UserName,
            options.Password,
            options.NewPassword,
            options.ApiKey);
        dockerHosts = new Lazy<IReadOnlyList<IDockerHost>>(() => options.DockerHosts
            .Select(address => DockerHosts.Connect(address, options.DockerCertificatePath, options.Timeout))
            .ToList());
    }

    /// <summary>The setup that these belong to; its state decides what a plan may read.</summary>
    internal WaSetup? Owner { get; set; }

    internal SetupOptions Options { get; }

    public string? UserName => session.UserName;

    public IReadOnlyList<Uri> DockerHostAddresses => Options.DockerHosts;

    public DateTimeOffset? TokenExpiresAt => session.Token?.ExpiresAt;

    /// <summary>The token in use; null where there is none.</summary>
    internal ApiToken? Token => session.Token;

    public SecureString? Password => session.Password;

    public IReadOnlyList<string> PinnedThumbprints => session.Transport.Trust.Pins;

    /// <summary>Client version as the last answer told it.</summary>
    internal string? ToldVersion => session.Version;

    public IWaApi Api(Operation operation)
    {
        var real = new WaApiClient(session, operation);
        return operation.PlanOnly
            ? new PlannedApi(real, Options.Name, () => Owner?.State ?? WaSetupState.Unknown, operation.Console)
            : real;
    }

    IReadOnlyList<IDockerHost> ISetupConnections.DockerHosts(Operation operation) => operation.PlanOnly
        //// One decorator an operation, so that what one call planned is known to the next.
        ? plannedHosts.GetValue(operation, key => dockerHosts.Value.Select(host => (IDockerHost)new PlannedDockerHost(host, key.Console)).ToList())
        : dockerHosts.Value;

    public void Pin(string thumbprint) => session.Transport.Trust.Pin(thumbprint);

    public void ForgetToken() => session.ForgetToken();

    /// <summary>The password of the session's own user was changed.</summary>
    internal void AdoptPassword(SecureString changed) => session.AdoptPassword(changed);

    /// <summary>Goes on as another login; without a token it logs in when it has to.</summary>
    internal void Adopt(ApiToken? token, string? userName, SecureString? password) => session.Adopt(token, userName, password);

    /// <summary>Logs in now.</summary>
    internal Task<ApiToken> LoginAsync(Operation operation) => session.LoginAsync(operation, new ApiRetry(1), operation.Cancellation);

    public void Dispose()
    {
        session.Dispose();
        if (dockerHosts.IsValueCreated)
        {
            foreach (var host in dockerHosts.Value.OfType<IDisposable>())
            {
                host.Dispose();
            }
        }
    }

    /// <summary>Paths are appended to it, so it ends with a slash; a path before /v1 (behind a proxy) is kept.</summary>
    private static Uri BaseAddress(Uri address) => address.AbsoluteUri.EndsWith("/", StringComparison.Ordinal)
        ? address
        : new Uri(address.AbsoluteUri + "/");
}
