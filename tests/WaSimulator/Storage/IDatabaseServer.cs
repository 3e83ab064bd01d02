namespace WaSimulator.Storage;

/// <summary>The database server of one node.</summary>
internal interface IDatabaseServer : IAsyncDisposable
{
    /// <summary>
    /// Waits for the server, creates the databases that are missing and brings their schemas up to date. Nodes that
    /// start together take turns.
    /// </summary>
    Task EnsureAsync(IReadOnlyList<StoreSchema> schemas, Action<string, string> log, CancellationToken cancellationToken);

    IStore Open(string name);

    /// <summary>Tells this very database from any copy of it, on whatever server.</summary>
    Task<string> FingerprintAsync(string name, CancellationToken cancellationToken);

    /// <summary>Server product and version, as in /v1/support.</summary>
    Task<string> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Ends every session now.</summary>
    void Cut();
}
