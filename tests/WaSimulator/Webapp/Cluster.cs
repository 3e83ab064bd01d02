using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaSimulator.Api;
using WaSimulator.Hosting;
using WaSimulator.Nodes;
using WaSimulator.Nodes.Stores;
using WaSimulator.Protocol;
using WaSimulator.Storage;

namespace WaSimulator.Webapp;

/// <summary>How the Webapp finds Masters and Coreapps: through clusterStore, or by WACORE_HOSTNAME where there is one alone.</summary>
internal sealed class Cluster(NodeEnvironment environment, ClusterStore store, PeerClient peers)
{
    public bool IsMulti => environment.Multiconnect;

    public async Task<ApiAnswer> ToPrimaryAsync(ApiCall call)
    {
        if (!IsMulti)
        {
            return await ForwardAsync(environment.CoreHost, Ports.Control, call);
        }

        var info = (await ReadAsync(store.SnapshotAsync, call.Aborted)).Info
            ?? throw new ApiException(ApiErrors.Internal, "No information in clusterStore.cluster_info");
        return await ForwardAsync(info.Hostname, info.Port, call);
    }

    public async Task<ApiAnswer> ToAnyCoreappAsync(ApiCall call)
    {
        if (!IsMulti)
        {
            return await ForwardAsync(environment.CoreHost, Ports.Control, call);
        }

        var coreapps = (await NodesAsync(call.Aborted)).Where(node => node.IsCoreapp && node.State != "stopped").ToList();
        if (coreapps.Count == 0)
        {
            throw new ApiException(ApiErrors.NotReady, "No Coreapp is there");
        }

        var one = coreapps[Random.Shared.Next(coreapps.Count)];
        return await ForwardAsync(one.Hostname, one.Port, call);
    }

    /// <summary>To the Coreapp that owns the shard of a recipient.</summary>
    public async Task<ApiAnswer> ToOwnerAsync(ApiCall call, string recipient)
    {
        if (!IsMulti)
        {
            return await ForwardAsync(environment.CoreHost, Ports.Control, call);
        }

        var snapshot = await ReadAsync(store.SnapshotAsync, call.Aborted);
        if (snapshot.Info is not { } info)
        {
            throw new ApiException(ApiErrors.Internal, "No information in clusterStore.cluster_info");
        }

        if (info.State == "unregistered")
        {
            throw new ApiException(ApiErrors.AccessDenied, "The client is not registered");
        }

        var shard = Sharding.Of(recipient, info.Shards);
        var owner = snapshot.Shards.FirstOrDefault(row => row.Type == 1 && row.Lower == shard)
            ?? throw new ApiException(ApiErrors.NotReady, $"Nobody owns shard {shard}");
        return await ForwardAsync(owner.Hostname, owner.Port, call);
    }

    /// <summary>
    /// Asks every node; a node that does not answer, or answers with an error, stands there with its errors. Where
    /// there is one node alone, its failure is that of the call.
    /// </summary>
    public async Task<JsonObject> AskAllAsync(string path, CancellationToken cancellationToken)
    {
        if (!IsMulti)
        {
            return await AskAsync(environment.CoreHost, Ports.Control, path, cancellationToken);
        }

        var nodes = await NodesAsync(cancellationToken);
        var answers = await Task.WhenAll(nodes.Select(node => AskOrErrorAsync(node, path, cancellationToken)));
        var result = new JsonObject();
        foreach (var (node, answer) in nodes.Zip(answers))
        {
            result[node.Key] = answer;
        }

        return result;
    }

    private async Task<IReadOnlyList<ClusterNode>> NodesAsync(CancellationToken cancellationToken)
    {
        var nodes = await ReadAsync(store.NodesAsync, cancellationToken);
        return nodes.Count > 0 ? nodes : throw new ApiException(ApiErrors.Internal, "No information in clusterStore.nodes");
    }

    private static async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (DbException problem) when (DatabaseServers.IsMissing(problem))
        {
            // The Masters and Coreapps make these databases when they come up.
            throw new ApiException(ApiErrors.NotReady, "clusterStore is not there yet");
        }
    }

    private async Task<JsonObject> AskOrErrorAsync(ClusterNode node, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(node.Hostname, node.Port, path, cancellationToken);
        }
        catch (ApiException problem)
        {
            return new JsonObject { ["errors"] = new JsonArray(ApiAnswer.ErrorObject(problem.Code, problem.Details)) };
        }
    }

    private async Task<JsonObject> AskAsync(string hostname, int port, string path, CancellationToken cancellationToken)
    {
        var answer = await peers.SendAsync(hostname, port, "GET", path, [], null, cancellationToken);
        var content = JsonSerializer.Deserialize<JsonObject>(answer.Body)
            ?? throw new ApiException(ApiErrors.Internal, $"Bad answer from {hostname}:{port}");
        if (answer.Status == 200)
        {
            return content;
        }

        var error = content["errors"]?[0];
        throw new ApiException((int?)error?["code"] ?? ApiErrors.Internal, (string?)error?["details"]);
    }

    private Task<ApiAnswer> ForwardAsync(string hostname, int port, ApiCall call) => peers.SendAsync(
        hostname, port, call.Method, call.Path + call.Query, call.Body, call.Headers.ContentType, call.Aborted);
}
