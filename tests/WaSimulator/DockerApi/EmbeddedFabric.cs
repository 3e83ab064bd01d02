using System.Collections.Concurrent;
using System.Net;

namespace WaSimulator.DockerApi;

/// <summary>
/// What lies between Docker hosts: each has external names under which its published ports are reached from the others,
/// as in the vendor's production form with one node of each kind on every host.
/// </summary>
public sealed class EmbeddedFabric
{
    private readonly ConcurrentDictionary<string, EmbeddedDockerHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives a host an external name.</summary>
    public void Add(string externalName, EmbeddedDockerHost host)
    {
        ArgumentException.ThrowIfNullOrEmpty(externalName);
        ArgumentNullException.ThrowIfNull(host);
        _hosts[externalName] = host;
    }

    /// <summary>Takes all names of a host back.</summary>
    public void Remove(EmbeddedDockerHost host)
    {
        foreach (var name in _hosts.Where(h => h.Value == host).Select(h => h.Key).ToList())
        {
            _hosts.TryRemove(name, out _);
        }
    }

    /// <summary>The end point behind an external name and a published port; null when nothing answers there.</summary>
    public IPEndPoint? Resolve(string externalName, int hostPort) =>
        _hosts.TryGetValue(externalName, out var host) ? host.Containers.FindPublished(hostPort) : null;
}
