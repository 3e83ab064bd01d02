using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>The networks of one host: the three that are always there, and those that were created.</summary>
internal sealed class NetworkStore
{
    private readonly ConcurrentDictionary<string, DockerNetwork> _networks = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private int _created;

    public NetworkStore(TimeProvider time)
    {
        _time = time;
        foreach (var (name, driver) in new[] { ("bridge", "bridge"), ("host", "host"), ("none", "null") })
        {
            _networks[name] = new DockerNetwork(DockerIds.Random(), name, driver, time.GetUtcNow(), [], 0);
        }
    }

    public IReadOnlyList<DockerNetwork> All => [.. _networks.Values.OrderBy(n => n.Name, StringComparer.Ordinal)];

    public static bool IsDefault(string name) => name is "bridge" or "host" or "none";

    public DockerNetwork? Find(string reference) =>
        _networks.GetValueOrDefault(reference)
        ?? _networks.Values.FirstOrDefault(n => reference.Length >= 4 && n.Id.StartsWith(reference, StringComparison.Ordinal));

    public DockerNetwork Get(string reference) =>
        Find(reference) ?? throw new DockerError(404, $"network {reference} not found");

    public DockerNetwork Create(string name, JsonObject request)
    {
        var network = new DockerNetwork(
            DockerIds.Random(), name, Json.Text(request, "Driver") is { Length: > 0 } driver ? driver : "bridge",
            _time.GetUtcNow(), request, Interlocked.Increment(ref _created) % 200);
        return _networks.TryAdd(name, network)
            ? network
            : throw new DockerError(409, $"network with name {name} already exists");
    }

    public void Remove(DockerNetwork network) => _networks.TryRemove(network.Name, out _);
}
