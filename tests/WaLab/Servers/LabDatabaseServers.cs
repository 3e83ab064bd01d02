namespace WaLab.Servers;

/// <summary>Starts the database server of an engine.</summary>
public static class LabDatabaseServers
{
    /// <summary>The address on this machine: always loopback.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>The one that all labs of this process share.</summary>
    /// <exception cref="LabServerMissingException">It is neither here nor to be had.</exception>
    public static async Task<ILabDatabaseServer> SharedAsync(LabDatabaseEngine engine, Action<string>? log = null) => engine switch
    {
        LabDatabaseEngine.PostgreSql => await LabPostgres.SharedAsync(log),
        LabDatabaseEngine.MariaDb => await LabMariaDb.SharedAsync(log),
        _ => await LabMySql.SharedAsync(log),
    };

    /// <summary>One of its own; with a network, containers on its hosts reach it too.</summary>
    /// <exception cref="LabServerMissingException">It is neither here nor to be had.</exception>
    public static async Task<ILabDatabaseServer> StartAsync(
        LabDatabaseEngine engine, Action<string>? log = null, ServerNetwork? network = null, CancellationToken cancellationToken = default) => engine switch
    {
        LabDatabaseEngine.PostgreSql => await LabPostgres.StartAsync(log, network, cancellationToken),
        LabDatabaseEngine.MariaDb => await LabMariaDb.StartAsync(log, network, cancellationToken),
        _ => await LabMySql.StartAsync(log, network, cancellationToken),
    };
}
