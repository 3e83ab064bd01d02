using System.Management.Automation;
using System.Security;
using WaMigration.Setups;

namespace WaMigration.Commands;

/// <summary>
/// Connects to an installation of the client: logs in to its API, and finds out version, number and database. With
/// -NotInstalled it describes one that does not run yet, without contacting anything. With -Setup it logs in again.
/// </summary>
[Cmdlet(VerbsCommunications.Connect, "WaSetup", SupportsShouldProcess = true, DefaultParameterSetName = InstalledSet)]
[OutputType(typeof(WaSetup))]
public sealed class ConnectWaSetupCommand : WaCmdlet
{
    private const string InstalledSet = "Installed";
    private const string NotInstalledSet = "NotInstalled";
    private const string ReconnectSet = "Reconnect";
    private int databaseEngine;
    private int? databaseSslMode;

    /// <summary>A setup that was connected or described before: logs in to it again, waiting for an API that is just being started.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ReconnectSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    public WaSetup Setup { get; set; } = null!;

    /// <summary>With -Setup: how long to wait for the API to answer and for the nodes behind it to be known.</summary>
    [Parameter(ParameterSetName = ReconnectSet)]
    [ValidateRange(0, 86400)]
    public int WaitSec { get; set; } = 60;

    /// <summary>What you call it, for example Old or New. The host of -ApiUri by default.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The address of the API, for example https://host:9090.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = InstalledSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public Uri ApiUri { get; set; } = null!;

    /// <summary>Describes a setup that is not installed yet; nothing is contacted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NotInstalledSet)]
    public SwitchParameter NotInstalled { get; set; }

    /// <summary>User name and password of the API.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = InstalledSet)]
    [Parameter(Position = 1, ParameterSetName = NotInstalledSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The password that replaces the first one. Right also where it was replaced already.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public SecureString? NewPassword { get; set; }

    /// <summary>The key for health and statistics (WA_API_KEY); it needs no login and does not end.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The Docker hosts that the containers are on: unix://, npipe://, tcp:// or ssh:// addresses.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public Uri[] DockerHost { get; set; } = [];

    /// <summary>The folder with ca.pem, cert.pem and key.pem for Docker hosts over TLS.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNullOrEmpty]
    public string? DockerCertificatePath { get; set; }

    /// <summary>The database engine; found out where it is not given.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    public WaDatabaseEngine DatabaseEngine
    {
        get => (WaDatabaseEngine)databaseEngine;
        set => databaseEngine = (int)value;
    }

    /// <summary>Name or address of the database server, as this machine reaches it; found out where it is not given.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNullOrEmpty]
    public string? DatabaseServer { get; set; }

    /// <summary>Its port.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateRange(1, 65535)]
    public int? DatabasePort { get; set; }

    /// <summary>Login at the database server: a credential, or a script block that returns one.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public object? DatabaseCredential { get; set; }

    /// <summary>How the connection to the database server is encrypted.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    public WaSslMode DatabaseSslMode
    {
        get => (WaSslMode)(databaseSslMode ?? 0);
        set => databaseSslMode = (int)value;
    }

    /// <summary>What stands before the names of its databases (WA_DB_NAME_PREFIX).</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNull]
    public string? NamePrefix { get; set; }

    /// <summary>SHA-256 thumbprints that the API's certificate may have.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNullOrEmpty]
    public string[] CertificateThumbprint { get; set; } = [];

    /// <summary>A file with the root certificates that the API's certificate must come from, PEM or DER.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateNotNullOrEmpty]
    public string? CaCertificate { get; set; }

    /// <summary>Takes any certificate. The last resort: nothing tells then who answers.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    public SwitchParameter SkipCertificateCheck { get; set; }

    /// <summary>How long one answer may take. Backup and restore have at least 90 seconds.</summary>
    [Parameter(ParameterSetName = InstalledSet)]
    [Parameter(ParameterSetName = NotInstalledSet)]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) => Output(ParameterSetName == ReconnectSet
        ? await SetupConnector.ReconnectAsync(Setup, TimeSpan.FromSeconds(WaitSec), operation).ConfigureAwait(false)
        : await SetupConnector.ConnectAsync(await OptionsAsync().ConfigureAwait(false), operation).ConfigureAwait(false));

    private async Task<SetupOptions> OptionsAsync()
    {
        var login = await DatabaseCredentials.ResolveAsync(DatabaseCredential, OnPipelineThreadAsync).ConfigureAwait(false);
        return new SetupOptions
        {
            Name = Name ?? (ApiUri.IsAbsoluteUri ? ApiUri.Host : ApiUri.ToString()),
            ApiUri = ApiUri,
            UserName = Credential?.UserName,
            Password = Credential?.Password,
            NewPassword = NewPassword,
            ApiKey = ApiKey,
            DockerHosts = DockerHost,
            DockerCertificatePath = DockerCertificatePath is null ? null : ResolvePath(DockerCertificatePath),
            Database = new DatabaseOptions
            {
                Engine = DatabaseEngine,
                Server = DatabaseServer,
                Port = DatabasePort,
                UserName = login?.UserName,
                Password = login?.Password,
                SslMode = (WaSslMode?)databaseSslMode,
                NamePrefix = NamePrefix,
            },
            CertificateThumbprints = CertificateThumbprint,
            CaCertificates = CaCertificate is null ? [] : SetupCertificates.Load(ResolvePath(CaCertificate)),
            SkipCertificateCheck = SkipCertificateCheck,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            NotInstalled = NotInstalled,
        };
    }
}
