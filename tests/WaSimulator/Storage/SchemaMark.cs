using System.Security.Cryptography;
using System.Text;
using WaSimulator.Nodes.Stores;

namespace WaSimulator.Storage;

/// <summary>
/// Nodes of a cluster start together, and looking into every database costs a session each. The first one leaves a mark
/// in clusterStore, good for seconds and for these very databases, and the others look no further.
/// </summary>
internal sealed class SchemaMark(IReadOnlyList<StoreSchema> schemas, Dictionary<string, long> databases, Func<string, string> physical)
{
    private const long Milliseconds = 10_000;

    private readonly bool applies = schemas.Any(schema => schema.Name == StoreNames.Cluster);

    private string Value => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        ";", schemas.Select(schema => $"{schema.Name} {schema.Version} {databases[physical(schema.Name)]}")))));

    public async Task<bool> IsFreshAsync(IDatabaseServer server, CancellationToken cancellationToken)
    {
        if (!applies)
        {
            return false;
        }

        var store = server.Open(StoreNames.Cluster);
        return await store.HasTableAsync("cluster_state", cancellationToken) &&
            await store.CountAsync(
                $"select count(*) from cluster_state where skey = @key and svalue = @value and until_at > {store.Now}",
                cancellationToken,
                ("key", ClusterKeys.Schema),
                ("value", Value)) > 0;
    }

    public async Task SetAsync(IDatabaseServer server, CancellationToken cancellationToken)
    {
        if (!applies)
        {
            return;
        }

        await server.Open(StoreNames.Cluster).TransactAsync(
            async session =>
            {
                await session.UpsertAsync(
                    "cluster_state", [("skey", ClusterKeys.Schema)], [("svalue", Value), ("until_at", 0L)], cancellationToken);
                return await session.ExecuteAsync(
                    $"update cluster_state set until_at = {session.Now} + @duration where skey = @key",
                    cancellationToken,
                    ("duration", Milliseconds),
                    ("key", ClusterKeys.Schema));
            },
            cancellationToken);
    }
}
