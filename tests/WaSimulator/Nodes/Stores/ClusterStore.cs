using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Storage;

namespace WaSimulator.Nodes.Stores;

/// <summary>clusterStore: who is there, who leads, who owns which shard. Times are the database server's.</summary>
internal sealed class ClusterStore(IStore store)
{
    public IStore Store { get; } = store;

    /// <summary>Says that the node lives; false when the cluster has forgotten it and it must register again.</summary>
    public async Task<bool> BeatAsync(string containerName, string role, string state, CancellationToken cancellationToken) =>
        await Store.ExecuteAsync(
            $"update node_heartbeat set role = @role, state = @state, beat_at = {Store.Now} where container_name = @name",
            cancellationToken,
            ("role", role),
            ("state", state),
            ("name", containerName)) == 1;

    /// <summary>Says that the node has left, so that nobody waits for it to become unhealthy.</summary>
    public async Task LeaveAsync(string containerName, CancellationToken cancellationToken)
    {
        await Store.ExecuteAsync(
            "update node_heartbeat set state = 'stopped', beat_at = 0 where container_name = @name",
            cancellationToken,
            ("name", containerName));
        // Whatever happens to the databases now, the next node looks at them itself.
        await Store.ExecuteAsync("delete from cluster_state where skey = @key", cancellationToken, ("key", ClusterKeys.Schema));
    }

    /// <summary>Enters the node; others never see it without a heartbeat.</summary>
    public Task RegisterAsync(
        string hostname,
        int port,
        string containerName,
        string role,
        string state,
        CancellationToken cancellationToken) => Store.TransactAsync(
        async session =>
        {
            await session.UpsertAsync(
                "nodes", [("container_name", containerName)], [("hostname", hostname), ("port", port)], cancellationToken);
            await session.UpsertAsync(
                "node_heartbeat", [("container_name", containerName)], [("role", role), ("state", state), ("beat_at", 0L)], cancellationToken);
            return await session.ExecuteAsync(
                $"update node_heartbeat set beat_at = {session.Now} where container_name = @name", cancellationToken, ("name", containerName));
        },
        cancellationToken);

    public Task<IReadOnlyList<ClusterNode>> NodesAsync(CancellationToken cancellationToken) => Store.QueryAsync(
        "select n.hostname, n.port, n.container_name, h.role, h.state, " +
        $"case when h.beat_at is null then -1 else {Store.Now} - h.beat_at end " +
        "from nodes n left join node_heartbeat h on h.container_name = n.container_name order by n.hostname, n.container_name",
        reader => new ClusterNode(
            reader.GetString(0),
            reader.GetInt32(1),
            reader.GetString(2),
            reader.TextOrNull(3),
            reader.TextOrNull(4),
            reader.GetInt64(5) < 0 ? null : reader.GetInt64(5)),
        cancellationToken);

    /// <summary>Removes nodes that were not heard of for so long; answers their keys.</summary>
    public async Task<IReadOnlyList<string>> ForgetAsync(TimeSpan silence, string except, CancellationToken cancellationToken)
    {
        var gone = (await NodesAsync(cancellationToken))
            .Where(node => node.ContainerName != except && !(node.AgeMs < silence.TotalMilliseconds))
            .ToList();
        foreach (var node in gone)
        {
            await Store.ExecuteAsync("delete from nodes where container_name = @name", cancellationToken, ("name", node.ContainerName));
            await Store.ExecuteAsync("delete from node_heartbeat where container_name = @name", cancellationToken, ("name", node.ContainerName));
        }

        return [.. gone.Select(node => node.Key)];
    }

    /// <summary>One round trip for all that a node looks at regularly.</summary>
    public async Task<ClusterSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var state = new Dictionary<string, string>(StringComparer.Ordinal);
        var shards = new List<ShardRow>();
        ClusterInfo? info = null;
        await Store.QueryAsync(
            "select 2, hostname, state, port, 0, 0, 0, schema_version from cluster_info where ckey = 'cluster_info' " +
            "union all select 0, skey, svalue, 0, 0, 0, 0, null from cluster_state " +
            "union all select 1, hostname, '', port, lower_bound, upper_bound, type, null from shard_map",
            reader =>
            {
                switch (reader.GetInt32(0))
                {
                    case 0:
                        state[reader.GetString(1)] = reader.GetString(2);
                        break;
                    case 1:
                        shards.Add(new ShardRow(reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetString(1), reader.GetInt32(3)));
                        break;
                    default:
                        info = Info(reader.GetString(1), reader.GetInt32(3), reader.GetString(2), reader.IsDBNull(7) ? null : (byte[])reader.GetValue(7));
                        break;
                }

                return true;
            },
            cancellationToken);
        return new ClusterSnapshot(state, info, shards);
    }

    public static Task PutStateAsync(IStoreSession session, string key, string value, CancellationToken cancellationToken) =>
        session.UpsertAsync("cluster_state", [("skey", key)], [("svalue", value)], cancellationToken);

    /// <summary>Sets the value if there is none yet, and answers the one that holds.</summary>
    public async Task<string> StateOrAsync(string key, string value, CancellationToken cancellationToken)
    {
        await Store.InsertMissingAsync("cluster_state", ["skey"], [("skey", key), ("svalue", value)], cancellationToken);
        var rows = await Store.QueryAsync(
            "select svalue from cluster_state where skey = @key", reader => reader.GetString(0), cancellationToken, ("key", key));
        return rows[0];
    }

    /// <summary>Takes or keeps the lease; false while another Master holds it.</summary>
    public async Task<bool> LeaseAsync(string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (await TakeLeaseAsync(holder, duration, cancellationToken))
        {
            return true;
        }

        // The very first Master finds no lease at all: make one that has run out, then take it like everybody else.
        return await Store.InsertMissingAsync(
                "cluster_state", ["skey"], [("skey", ClusterKeys.Lease), ("svalue", ""), ("until_at", 0L)], cancellationToken) &&
            await TakeLeaseAsync(holder, duration, cancellationToken);
    }

    public Task ReleaseAsync(string holder, CancellationToken cancellationToken) => Store.ExecuteAsync(
        "update cluster_state set until_at = 0 where skey = 'lease' and svalue = @holder",
        cancellationToken,
        ("holder", holder));

    public Task PutInfoAsync(ClusterInfo info, CancellationToken cancellationToken) => Store.UpsertAsync(
        "cluster_info",
        [("ckey", "cluster_info")],
        [
            ("hostname", info.Hostname),
            ("port", info.Port),
            ("state", info.State),
            ("schema_version", Encoding.UTF8.GetBytes($$"""{"shards":{{info.Shards}},"server_shards":{{info.ServerShards}}}""")),
        ],
        cancellationToken);

    public async Task PutShardsAsync(IReadOnlyList<ShardRow> rows, CancellationToken cancellationToken)
    {
        await Store.TransactAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from shard_map", cancellationToken);
                foreach (var row in rows)
                {
                    await session.UpsertAsync(
                        "shard_map",
                        [("lower_bound", row.Lower), ("upper_bound", row.Upper), ("type", row.Type)],
                        [("hostname", row.Hostname), ("port", row.Port)],
                        cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    private async Task<bool> TakeLeaseAsync(string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        await Store.ExecuteAsync(
            $"update cluster_state set svalue = @holder, until_at = {Store.Now} + @duration " +
            $"where skey = 'lease' and (svalue = @holder or until_at < {Store.Now})",
            cancellationToken,
            ("holder", holder),
            ("duration", (long)duration.TotalMilliseconds)) == 1;

    private static ClusterInfo Info(string hostname, int port, string state, byte[]? schema)
    {
        var parsed = schema is null ? null : JsonSerializer.Deserialize<JsonObject>(schema);
        return new ClusterInfo(hostname, port, state, (int?)parsed?["shards"] ?? 1, (int?)parsed?["server_shards"] ?? 1);
    }
}
