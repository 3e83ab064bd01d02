using System.Management.Automation;
using System.Security;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Commands;

/// <summary>
/// Compares the databases of a client on two servers, or an archive with a server: every object by its definition, every
/// counter by its position, every table by the digest of all its rows. Nothing is written anywhere.
/// </summary>
[Cmdlet(VerbsData.Compare, "WaDatabase", DefaultParameterSetName = SetupToSetup)]
[OutputType(typeof(WaTableComparison))]
public sealed class CompareWaDatabaseCommand : WaCmdlet
{
    private const string SetupToSetup = "SetupToSetup";
    private const string SetupToServer = "SetupToServer";
    private const string ServerToSetup = "ServerToSetup";
    private const string ServerToServer = "ServerToServer";
    private const string ArchiveToSetup = "ArchiveToSetup";
    private const string ArchiveToServer = "ArchiveToServer";
    private int databaseEngine = 1;
    private int databaseSslMode;
    private int destinationSslMode;

    /// <summary>The setup that the databases are of.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SetupToSetup)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SetupToServer)]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <summary>The setup that they go to, or are compared with.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SetupToSetup)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ServerToSetup)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ArchiveToSetup)]
    [ValidateNotNull]
    public WaSetup? Destination { get; set; }

    /// <summary>The engine of a server that is given alone; both sides have the same.</summary>
    [Parameter(ParameterSetName = ArchiveToServer)]
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    public WaDatabaseEngine DatabaseEngine { get => (WaDatabaseEngine)databaseEngine; set => databaseEngine = (int)value; }

    /// <summary>Name or address of the server that the databases are on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerToSetup)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [ValidateNotNullOrEmpty]
    public string DatabaseServer { get; set; } = string.Empty;

    /// <summary>Its port; that of the engine by default.</summary>
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    [ValidateRange(1, 65535)]
    public int? DatabasePort { get; set; }

    /// <summary>Login there: a credential, or a script block that returns one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerToSetup)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [ValidateNotNull]
    public object? DatabaseCredential { get; set; }

    /// <summary>What stands before the names of the databases (WA_DB_NAME_PREFIX).</summary>
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    [ValidateNotNull]
    public string NamePrefix { get; set; } = string.Empty;

    /// <summary>How the connection is encrypted.</summary>
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    public WaSslMode DatabaseSslMode { get => (WaSslMode)databaseSslMode; set => databaseSslMode = (int)value; }

    /// <summary>Name or address of the other server.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SetupToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNullOrEmpty]
    public string DestinationServer { get; set; } = string.Empty;

    /// <summary>Its port; that of the engine by default.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateRange(1, 65535)]
    public int? DestinationPort { get; set; }

    /// <summary>Login there: a credential, or a script block that returns one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SetupToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public object? DestinationCredential { get; set; }

    /// <summary>What stands before the names of the databases there; that of the first side by default.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public string? DestinationNamePrefix { get; set; }

    /// <summary>How the connection there is encrypted.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    public WaSslMode DestinationSslMode { get => (WaSslMode)destinationSslMode; set => destinationSslMode = (int)value; }

    /// <summary>Names of databases on the first side; all of the client's by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Database { get; set; } = [];

    /// <summary>Leaves out waweb, the store of the web application (users, tokens).</summary>
    [Parameter]
    public SwitchParameter ExcludeWaweb { get; set; }

    /// <summary>Tables whose rows are left out, as the server writes their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeTable { get; set; } = [];

    /// <summary>How many parts are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Owners and grants count, too.</summary>
    [Parameter]
    public SwitchParameter IncludeOwner { get; set; }

    /// <summary>The folder of an archive, in place of the first side.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToSetup)]
    [Parameter(Mandatory = true, ParameterSetName = ArchiveToServer)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The password of an encrypted archive.</summary>
    [Parameter(ParameterSetName = ArchiveToSetup)]
    [Parameter(ParameterSetName = ArchiveToServer)]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var options = new CopyOptions
        {
            Databases = Database,
            ExcludeWaweb = ExcludeWaweb,
            ExcludeTables = ExcludeTable,
            ThrottleLimit = ThrottleLimit,
            IncludeOwner = IncludeOwner,
        };
        var isArchive = ParameterSetName is ArchiveToSetup or ArchiveToServer;
        var source = isArchive ? null : Source is { } setup
            ? DatabaseServers.Of(setup)
            : DatabaseServers.Of(DatabaseEngine, DatabaseServer, DatabasePort, await LoginAsync(DatabaseCredential).ConfigureAwait(false), NamePrefix, DatabaseSslMode);
        var destination = Destination is { } other
            ? DatabaseServers.Of(other)
            : DatabaseServers.Of(DatabaseEngine, DestinationServer, DestinationPort, await LoginAsync(DestinationCredential).ConfigureAwait(false), DestinationNamePrefix ?? source?.NamePrefix ?? string.Empty, DestinationSslMode);
        await (source is null
            ? ArchiveImporter.CompareAsync(ResolvePath(Path), EncryptionPassword?.Reveal(), destination, options, Output, operation)
            : DatabaseComparer.RunAsync(source, destination, options, Output, operation)).ConfigureAwait(false);
    }

    private async Task<PSCredential> LoginAsync(object? given) =>
        (await DatabaseCredentials.ResolveAsync(given, OnPipelineThreadAsync).ConfigureAwait(false))!;
}
