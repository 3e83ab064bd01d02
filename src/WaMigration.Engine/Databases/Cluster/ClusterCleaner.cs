using System.Text.Json;
using WaMigration.Containers;

namespace WaMigration.Databases.Cluster;

/// <summary>
/// Takes out of a copied clusterStore what names hosts of the client that it was copied from: a new client would show them
/// as nodes in error. Only where nobody is on that database, in one transaction, and exactly these rows.
/// </summary>
internal sealed class ClusterCleaner(WaSetup setup, Operation operation)
{
    private const int ContainerNameLength = 12;

    /// <summary>What was removed; under -WhatIf, what would be.</summary>
    /// <exception cref="WaException">ClusterStoreMissing, ClusterTablesNotKnown, ClusterInUse, ClusterChanged.</exception>
    internal async Task<WaClusterCleanup> RunAsync()
    {
        var server = setup.Database ?? throw Copying.CopyErrors.DatabaseServerNotKnown.Error(setup.Name);
        var store = await ClusterStore.FindAsync(server, operation).ConfigureAwait(false);
        if (store is null && operation.PlanOnly && setup.Journal.IsPlanned)
        {
            // An earlier step of the plan would have copied it.
            operation.Console.WhatIf(server.ToString(), ClusterErrors.Phrase("PlanCleanCopied"));
            return new WaClusterCleanup { Server = server.ToString(), Database = string.Empty, Nodes = [], Shards = [] };
        }

        store = store ?? throw ClusterErrors.ClusterStoreMissing.Error(setup.Name, server);
        var sessions = await store.SessionsAsync(operation).ConfigureAwait(false);
        if (sessions.Count > 0)
        {
            throw ClusterErrors.ClusterInUse.Error(store.Address, null, sessions, sessions.Count);
        }

        var own = await OwnContainersAsync().ConfigureAwait(false);
        var found = await store.WorkAsync(tables => FindAsync(tables, server, store.Database, own, locks: false), operation).ConfigureAwait(false);
        if (!operation.May(store.Address, ClusterErrors.Phrase("PlanClean", found.Nodes.Count, found.Shards.Count, found.Primary?.Hostname ?? "-")))
        {
            return found;
        }

        // Written down before, with all that is needed to bring the rows back.
        Note(JournalKinds.ClusterCleaning, found);
        var removed = await store.WorkAsync(tables => RemoveAsync(tables, server, store, own), operation).ConfigureAwait(false);
        if (removed.Nodes.Count > 0 || removed.Shards.Count > 0 || removed.Primary is not null || setup.Journal.Last(JournalKinds.ClusterCleaned, setup.Name) is null)
        {
            // A run that continues finds nothing more to remove; what the first one did stays the record.
            Note(JournalKinds.ClusterCleaned, removed);
        }

        return removed;
    }

    /// <summary>What the record of a migration says was removed; null where it says nothing.</summary>
    internal static WaClusterCleanup? FromRecord(WaSetup setup) =>
        setup.Journal.Last(JournalKinds.ClusterCleaned, setup.Name) is { } cleaned && cleaned.Values.TryGetValue("rows", out var rows)
            ? JsonSerializer.Deserialize<WaClusterCleanup>(rows)
            : null;

    private static async Task<WaClusterCleanup> FindAsync(ClusterTables tables, WaDatabaseServer server, string database, ISet<string> own, bool locks)
    {
        var nodes = await tables.ReadNodesAsync(locks).ConfigureAwait(false);
        var kept = new HashSet<WaClusterHost>(nodes.Where(node => own.Contains(node.ContainerName)).Select(node => new WaClusterHost(node.Hostname, node.Port)));
        var shards = await tables.ReadShardsAsync(locks).ConfigureAwait(false);
        var primaries = await tables.ReadPrimariesAsync(locks).ConfigureAwait(false);
        return new WaClusterCleanup
        {
            Server = server.ToString(),
            Database = database,
            Nodes = nodes.Where(node => !own.Contains(node.ContainerName)).ToList(),
            Shards = shards.Where(shard => !kept.Contains(new WaClusterHost(shard.Hostname, shard.Port))).ToList(),
            Primary = primaries.FirstOrDefault(primary => primary.Hostname.Length > 0 && !kept.Contains(primary)),
        };
    }

    private static async Task<WaClusterCleanup> RemoveAsync(ClusterTables tables, WaDatabaseServer server, ClusterStore store, ISet<string> own)
    {
        var found = await FindAsync(tables, server, store.Database, own, locks: true).ConfigureAwait(false);
        foreach (var node in found.Nodes)
        {
            RequireOne(await tables.RemoveAsync(node).ConfigureAwait(false), node.ToString(), store);
        }

        foreach (var shard in found.Shards)
        {
            RequireOne(await tables.RemoveAsync(shard).ConfigureAwait(false), shard.ToString(), store);
        }

        if (found.Primary is { } primary)
        {
            RequireOne(await tables.ClearAsync(primary).ConfigureAwait(false), primary.ToString(), store);
        }

        return found;
    }

    private static void RequireOne(int rows, string row, ClusterStore store)
    {
        if (rows != 1)
        {
            throw ClusterErrors.ClusterChanged.Error(store.Address, row, rows);
        }
    }

    /// <summary>Nodes call themselves by the first digits of their container's id. Those of this setup stay.</summary>
    private async Task<ISet<string>> OwnContainersAsync()
    {
        if (setup.DockerHosts.Count == 0)
        {
            return new HashSet<string>();
        }

        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        return new HashSet<string>(inventory.Containers.Select(container => container.Detail.Id).Where(id => id.Length >= ContainerNameLength).Select(id => id.Substring(0, ContainerNameLength)), StringComparer.Ordinal);
    }

    private void Note(string kind, WaClusterCleanup rows) =>
        setup.Journal.Write(kind, setup.Name, ("database", rows.Database), ("rows", JsonSerializer.Serialize(rows)));
}
