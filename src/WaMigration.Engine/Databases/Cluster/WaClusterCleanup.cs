namespace WaMigration;

/// <summary>The rows of a cluster's table that named hosts which are gone, as they were before they were removed.</summary>
public sealed class WaClusterCleanup
{
    /// <summary>The database server.</summary>
    public required string Server { get; init; }

    /// <summary>The database: the client's store of its cluster.</summary>
    public required string Database { get; init; }

    /// <summary>Rows of nodes that were removed.</summary>
    public IReadOnlyList<WaClusterNode> Nodes { get; init; } = [];

    /// <summary>Rows of shard_map that were removed.</summary>
    public IReadOnlyList<WaClusterShard> Shards { get; init; } = [];

    /// <summary>The primary host that was taken out of cluster_info; null where none was there.</summary>
    public WaClusterHost? Primary { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Database;
}

/// <summary>Where a node of a cluster answers.</summary>
/// <param name="Hostname">Its host name.</param>
/// <param name="Port">Its port.</param>
public sealed record WaClusterHost(string Hostname, long Port);

/// <summary>A row of nodes.</summary>
/// <param name="Hostname">The node's host name.</param>
/// <param name="Port">Its port.</param>
/// <param name="ContainerName">The first digits of its container's id.</param>
public sealed record WaClusterNode(string Hostname, long Port, string ContainerName);

/// <summary>A row of shard_map.</summary>
/// <param name="LowerBound">The first shard.</param>
/// <param name="UpperBound">The last shard.</param>
/// <param name="Type">1 for the owner.</param>
/// <param name="Hostname">The host name of whoever has it.</param>
/// <param name="Port">The port.</param>
public sealed record WaClusterShard(long LowerBound, long UpperBound, long Type, string Hostname, long Port);
