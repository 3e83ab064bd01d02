using WaLab.Servers;

namespace WaLab.Setups;

/// <summary>The databases of a lab on a shared server: told from others by their prefix, and gone with the lab.</summary>
internal abstract class LabDatabases(ILabDatabaseServer server) : IAsyncDisposable
{
    public ILabDatabaseServer Server { get; } = server;

    public static LabDatabases On(ILabDatabaseServer server) => server.Engine == LabDatabaseEngine.PostgreSql
        ? new PostgresLabDatabases(server)
        : new MySqlLabDatabases(server);

    /// <summary>What the server says of itself.</summary>
    public abstract Task<string> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Makes an account that may create databases with that prefix; its password.</summary>
    public abstract Task<string> CreateAccountAsync(string name, string prefix, CancellationToken cancellationToken);

    /// <summary>The databases that begin with a prefix.</summary>
    public abstract Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Rows and a digest of all rows, for every table of a database.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> DigestAsync(string database, CancellationToken cancellationToken);

    /// <summary>Runs a statement in a database or, without one, in the server's own.</summary>
    public abstract Task ExecuteAsync(string? database, string statement, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
