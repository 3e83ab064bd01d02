using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>A cmdlet that works on the databases of one side: a setup, or a database server alone.</summary>
public abstract class WaDatabaseServerCmdlet : WaCmdlet
{
    /// <summary>The databases of a setup.</summary>
    protected const string SetupSet = "Setup";

    /// <summary>A server alone.</summary>
    protected const string ServerSet = "Server";

    private int databaseEngine = 1;
    private int databaseSslMode;

    /// <summary>The setup, from Connect-WaSetup.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = SetupSet)]
    [ValidateNotNull]
    public WaSetup? Setup { get; set; }

    /// <summary>The engine of a server that is given alone.</summary>
    [Parameter(ParameterSetName = ServerSet)]
    public WaDatabaseEngine DatabaseEngine { get => (WaDatabaseEngine)databaseEngine; set => databaseEngine = (int)value; }

    /// <summary>Name or address of the database server.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNullOrEmpty]
    public string DatabaseServer { get; set; } = string.Empty;

    /// <summary>Its port; that of the engine by default.</summary>
    [Parameter(ParameterSetName = ServerSet)]
    [ValidateRange(1, 65535)]
    public int? DatabasePort { get; set; }

    /// <summary>Login there: a credential, or a script block that returns one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNull]
    public object? DatabaseCredential { get; set; }

    /// <summary>What stands before the names of the databases (WA_DB_NAME_PREFIX).</summary>
    [Parameter(ParameterSetName = ServerSet)]
    [ValidateNotNull]
    public string NamePrefix { get; set; } = string.Empty;

    /// <summary>How the connection is encrypted.</summary>
    [Parameter(ParameterSetName = ServerSet)]
    public WaSslMode DatabaseSslMode { get => (WaSslMode)databaseSslMode; set => databaseSslMode = (int)value; }

    /// <summary>Names of databases; all of the client's by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Database { get; set; } = [];

    /// <summary>The server, as it was given.</summary>
    private protected async Task<WaDatabaseServer> ServerAsync() => Setup is { } setup
        ? DatabaseServers.Of(setup)
        : DatabaseServers.Of(DatabaseEngine, DatabaseServer, DatabasePort, (await DatabaseCredentials.ResolveAsync(DatabaseCredential, OnPipelineThreadAsync).ConfigureAwait(false))!, NamePrefix, DatabaseSslMode);
}
