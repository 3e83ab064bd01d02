using System.Management.Automation;
using WaMigration.Databases.Copying;

namespace WaMigration.Commands;

/// <summary>A cmdlet that works on the databases of two sides, each a setup or a database server alone.</summary>
public abstract class WaDatabasePairCmdlet : WaCmdlet
{
    /// <summary>Two setups.</summary>
    protected const string SetupToSetup = "SetupToSetup";

    /// <summary>A setup and a server.</summary>
    protected const string SetupToServer = "SetupToServer";

    /// <summary>A server and a setup.</summary>
    protected const string ServerToSetup = "ServerToSetup";

    /// <summary>Two servers.</summary>
    protected const string ServerToServer = "ServerToServer";

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
    [ValidateNotNull]
    public virtual WaSetup? Destination { get; set; }

    /// <summary>The engine of a server that is given alone; both sides have the same.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToSetup)]
    [Parameter(ParameterSetName = ServerToServer)]
    public virtual WaDatabaseEngine DatabaseEngine { get => (WaDatabaseEngine)databaseEngine; set => databaseEngine = (int)value; }

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
    [ValidateNotNullOrEmpty]
    public virtual string DestinationServer { get; set; } = string.Empty;

    /// <summary>Its port; that of the engine by default.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [ValidateRange(1, 65535)]
    public virtual int? DestinationPort { get; set; }

    /// <summary>Login there: a credential, or a script block that returns one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SetupToServer)]
    [Parameter(Mandatory = true, ParameterSetName = ServerToServer)]
    [ValidateNotNull]
    public virtual object? DestinationCredential { get; set; }

    /// <summary>What stands before the names of the databases there; that of the first side by default.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    [ValidateNotNull]
    public virtual string? DestinationNamePrefix { get; set; }

    /// <summary>How the connection there is encrypted.</summary>
    [Parameter(ParameterSetName = SetupToServer)]
    [Parameter(ParameterSetName = ServerToServer)]
    public virtual WaSslMode DestinationSslMode { get => (WaSslMode)destinationSslMode; set => destinationSslMode = (int)value; }

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

    /// <summary>How many parts are worked on at once. The default is this machine's processors, from 2 to 4.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = CopyOptions.DefaultThrottleLimit;

    /// <summary>Owners and grants count, too; their roles must be there on both servers.</summary>
    [Parameter]
    public SwitchParameter IncludeOwner { get; set; }

    /// <summary>Both servers, as they were given.</summary>
    private protected async Task<(WaDatabaseServer Source, WaDatabaseServer Destination)> ServersAsync()
    {
        var source = Source is { } setup
            ? DatabaseServers.Of(setup)
            : DatabaseServers.Of(DatabaseEngine, DatabaseServer, DatabasePort, await LoginAsync(DatabaseCredential).ConfigureAwait(false), NamePrefix, DatabaseSslMode);
        return (source, await DestinationAsync(source.NamePrefix).ConfigureAwait(false));
    }

    /// <summary>The other server, with this prefix where none was given for it.</summary>
    private protected async Task<WaDatabaseServer> DestinationAsync(string prefix) => Destination is { } setup
        ? DatabaseServers.Of(setup)
        : DatabaseServers.Of(DatabaseEngine, DestinationServer, DestinationPort, await LoginAsync(DestinationCredential).ConfigureAwait(false), DestinationNamePrefix ?? prefix, DestinationSslMode);

    /// <summary>What was chosen of the databases.</summary>
    private protected CopyOptions Selected() => new()
    {
        Databases = Database,
        ExcludeWaweb = ExcludeWaweb,
        ExcludeTables = ExcludeTable,
        ThrottleLimit = ThrottleLimit,
        IncludeOwner = IncludeOwner,
    };

    private async Task<PSCredential> LoginAsync(object? given) =>
        (await DatabaseCredentials.ResolveAsync(given, OnPipelineThreadAsync).ConfigureAwait(false))!;
}
