using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Nodes.Stores;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>What the primary Master does: holds the lease, gives shards to Coreapps, forgets nodes that are gone.</summary>
internal sealed class MasterDuties(CoreContext core, NodeState state)
{
    private long began;

    /// <summary>
    /// In a database that was copied, the nodes that came with it are nobody's to forget for a while: they stand there as
    /// nodes that do not answer.
    /// </summary>
    public bool MayForget { get; set; } = true;

    private TimeSpan Patience => core.Clock.Scale(state.Settings.Unhealthy, Durations.SettledTickFloor * 5);

    /// <summary>Takes or renews the lease and, as primary, brings the cluster in order.</summary>
    public async Task LeadAsync(CancellationToken cancellationToken)
    {
        var leads = await core.Cluster.LeaseAsync(core.ContainerName, Patience, cancellationToken);
        if (!leads)
        {
            if (state.IsPrimary)
            {
                core.Log("WARN", "Lost the lease: secondary from now on");
            }

            state.IsPrimary = false;
            return;
        }

        if (!state.IsPrimary)
        {
            await BeginAsync(cancellationToken);
        }

        await ArrangeAsync(cancellationToken);
    }

    /// <summary>Whether this Master still leads, asked of the lease itself: a node that was paused may not know.</summary>
    public async Task<bool> ConfirmAsync(CancellationToken cancellationToken) =>
        state.IsPrimary && (!core.Environment.Multiconnect ||
            await core.Cluster.LeaseAsync(core.ContainerName, Patience, cancellationToken));

    /// <summary>Tells all nodes of the cluster to look at it now.</summary>
    public async Task WakeAllAsync(CancellationToken cancellationToken)
    {
        var nodes = await core.Cluster.NodesAsync(cancellationToken);
        await Task.WhenAll(nodes.Where(node => node.ContainerName != core.ContainerName).Select(node => WakeAsync(node, cancellationToken)));
    }

    private async Task WakeAsync(ClusterNode node, CancellationToken cancellationToken)
    {
        try
        {
            await core.Peers.SendAsync(node.Hostname, node.Port, "POST", "/internal/wake", [], null, cancellationToken);
        }
        catch (ApiException)
        {
            // Whoever does not hear it looks by itself at its next beat.
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var known = (await core.Cluster.SnapshotAsync(cancellationToken)).Info;
        var shards = known?.Shards ?? state.Registration?.Shards ?? core.Environment.Shards;
        await core.Cluster.PutInfoAsync(
            new ClusterInfo(core.Hostname, core.Port, StateName, shards, known?.ServerShards ?? shards),
            cancellationToken);
        // A new primary rewrites the cluster: what died before it is forgotten.
        if (MayForget)
        {
            foreach (var gone in await core.Cluster.ForgetAsync(Patience * 2, core.ContainerName, cancellationToken))
            {
                core.Log("INFO", $"Forgot node {gone}");
            }
        }

        began = core.Clock.NowMilliseconds;

        state.IsPrimary = true;
        core.Log("INFO", "Elected: primary Master from now on");
        core.Reporter.Write(LogKinds.Elected);
    }

    private async Task ArrangeAsync(CancellationToken cancellationToken)
    {
        var nodes = await core.Cluster.NodesAsync(cancellationToken);
        var mayForget = MayForget || core.Clock.NowMilliseconds - began > core.Clock.Scale(Durations.ForgetNode).TotalMilliseconds;
        if (mayForget && nodes.Any(node => node.AgeMs > core.Clock.Scale(Durations.ForgetNode).TotalMilliseconds))
        {
            await core.Cluster.ForgetAsync(core.Clock.Scale(Durations.ForgetNode), core.ContainerName, cancellationToken);
        }

        var snapshot = await core.Cluster.SnapshotAsync(cancellationToken);
        if (snapshot.Info is not { } info)
        {
            return;
        }

        if (info.State != StateName || info.Hostname != core.Hostname || info.Port != core.Port)
        {
            await core.Cluster.PutInfoAsync(info with { Hostname = core.Hostname, Port = core.Port, State = StateName }, cancellationToken);
        }

        var wanted = Wanted(info, nodes, snapshot.Shards);
        if (wanted.SequenceEqual(snapshot.Shards.OrderBy(row => row.Lower)))
        {
            return;
        }

        await core.Cluster.PutShardsAsync(wanted, cancellationToken);
        core.Log("INFO", "Shards: " + string.Join(", ", wanted.Select(row => $"{row.Lower} {row.Hostname}:{row.Port}")));
        await WakeAllAsync(cancellationToken);
    }

    private string StateName => state.Registration is null ? "unregistered" : "registered";

    private List<ShardRow> Wanted(ClusterInfo info, IReadOnlyList<ClusterNode> nodes, IReadOnlyList<ShardRow> present)
    {
        if (state.Registration is not { } registration)
        {
            return [];
        }

        if (registration.Shards != info.Shards)
        {
            core.Log("ERROR", $"The number is registered for {registration.Shards} shards, the cluster has {info.Shards}: nobody connects");
            return [];
        }

        var free = nodes
            .Where(node => node.IsCoreapp && node.State != "stopped" && node.AgeMs < Patience.TotalMilliseconds)
            .ToList();
        var rows = new List<ShardRow>();
        for (var shard = 0; shard < info.Shards; shard++)
        {
            var row = present.FirstOrDefault(one => one.Lower == shard && one.Type == 1);
            var owner = row is null ? null : free.Find(node => node.Hostname == row.Hostname && node.Port == row.Port);
            if (owner is not null)
            {
                free.Remove(owner);
                rows.Add(row!);
            }
        }

        // An owner that is stopping finishes what it has in hand; nobody who is stopping gets anything new.
        free.RemoveAll(node => node.State == "stopping");
        for (var shard = 0; shard < info.Shards && free.Count > 0; shard++)
        {
            if (!rows.Exists(row => row.Lower == shard))
            {
                rows.Add(new ShardRow(shard, shard, 1, free[0].Hostname, free[0].Port));
                free.RemoveAt(0);
            }
        }

        if (info.Shards > 1)
        {
            rows.Add(new ShardRow(-1, -1, 1, core.Hostname, core.Port));
        }
        else if (rows.Count == 1)
        {
            // With one shard its owner also has what is the primary Master's otherwise.
            rows.Add(rows[0] with { Lower = -1, Upper = -1 });
        }

        return [.. rows.OrderBy(row => row.Lower)];
    }
}
