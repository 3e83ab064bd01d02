using System.Net;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>
/// The network as one container sees it: the names on the networks that it is connected to, itself, and the external
/// names of Docker hosts. Nodes listen on loopback: on the published host port where there is one, else on a free port.
/// </summary>
internal sealed class EmbeddedNetwork(
    EmbeddedContainer container, ContainerStore containers, EmbeddedFabric fabric, PortPublisher publisher) : INodeNetwork
{
    public IPEndPoint Listen(NodeSpec node, int containerPort) =>
        node.HostPorts.TryGetValue(containerPort, out var published) && publisher.For(containerPort) is null
            ? new IPEndPoint(IPAddress.Loopback, published.Port)
            : new IPEndPoint(IPAddress.Loopback, 0);

    public void Publish(NodeSpec node, int containerPort, IPEndPoint actual)
    {
        container.Ports[containerPort] = actual;
        publisher.Open(containerPort, actual);
    }

    public void Withdraw(NodeSpec node)
    {
        container.Ports.Clear();
        _ = publisher.CloseAsync();
    }

    public IPEndPoint? Resolve(string hostname, int port)
    {
        if (IsSelf(hostname))
        {
            return container.Ports.GetValueOrDefault(port);
        }

        foreach (var other in containers.All.Where(other => other != container && other.IsRunning))
        {
            if (Reaches(other, hostname))
            {
                return other.Ports.GetValueOrDefault(port);
            }
        }

        return fabric.Resolve(hostname, port);
    }

    private bool IsSelf(string hostname) =>
        hostname is "localhost" or "127.0.0.1" || Same(hostname, container.Hostname) || Same(hostname, container.Name);

    /// <summary>As the engine's own name server: aliases, names and short ids on shared user networks; links on the default one.</summary>
    private bool Reaches(EmbeddedContainer other, string hostname)
    {
        foreach (var (network, mine) in container.Endpoints)
        {
            if (!other.Endpoints.TryGetValue(network, out var theirs))
            {
                continue;
            }

            if (!NetworkStore.IsDefault(network)
                && (Same(hostname, other.Name) || theirs.Aliases.Any(alias => Same(alias, hostname)) || Same(hostname, DockerIds.Short(other.Id))))
            {
                return true;
            }

            if (mine.Links.Any(link => Same(link.Alias, hostname) && (link.Target == other.Name || other.Id.StartsWith(link.Target, StringComparison.Ordinal))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
