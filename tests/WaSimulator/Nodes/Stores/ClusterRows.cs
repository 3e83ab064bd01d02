namespace WaSimulator.Nodes.Stores;

/// <summary>A row of clusterStore.nodes with what its heartbeat says; the age is null where it never beat.</summary>
internal sealed record ClusterNode(string Hostname, int Port, string ContainerName, string? Role, string? State, long? AgeMs)
{
    public string Key => $"{Hostname}:{ContainerName}";

    public bool IsCoreapp => Role == "coreapp";
}

/// <summary>The row of clusterStore.cluster_info: the primary Master and the number of shards.</summary>
internal sealed record ClusterInfo(string Hostname, int Port, string State, int Shards, int ServerShards);

/// <summary>A row of clusterStore.shard_map; -1 is the primary Master's.</summary>
internal sealed record ShardRow(int Lower, int Upper, int Type, string Hostname, int Port);

/// <summary>What a node reads at each look at its cluster.</summary>
internal sealed record ClusterSnapshot(
    IReadOnlyDictionary<string, string> State,
    ClusterInfo? Info,
    IReadOnlyList<ShardRow> Shards)
{
    public string? Epoch => State.GetValueOrDefault(ClusterKeys.Epoch);

    public string? Halt => State.GetValueOrDefault(ClusterKeys.Halt);

    public string? Instance => State.GetValueOrDefault(ClusterKeys.Instance);

    public IReadOnlyList<int> ShardsOf(string hostname, int port) =>
        [.. Shards.Where(row => row.Hostname == hostname && row.Port == port).SelectMany(row => Enumerable.Range(row.Lower, row.Upper - row.Lower + 1)).Order()];
}

/// <summary>The keys of clusterStore.cluster_state.</summary>
internal static class ClusterKeys
{
    /// <summary>Who is the primary Master, and until when.</summary>
    public const string Lease = "lease";

    /// <summary>The database that this was written in: a copy is told by it.</summary>
    public const string Home = "home";

    /// <summary>Changes with every registration or restore.</summary>
    public const string Epoch = "epoch";

    /// <summary>Changes when the application must stop until it is restarted.</summary>
    public const string Halt = "halt";

    /// <summary>Changes with every change of settings.</summary>
    public const string Settings = "settings";

    /// <summary>The schemas of all stores were looked at a moment ago; nodes that start together need not all do it.</summary>
    public const string Schema = "schema";

    /// <summary>Identity of the client that lives in these databases.</summary>
    public const string Instance = "instance";
}
