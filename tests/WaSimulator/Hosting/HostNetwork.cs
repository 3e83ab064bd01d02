using System.Net;
using System.Net.Sockets;

namespace WaSimulator.Hosting;

/// <summary>The network of a real container or machine: fixed ports on all addresses of the container, names from DNS.</summary>
public sealed class HostNetwork : INodeNetwork
{
    /// <inheritdoc />
    public IPEndPoint Listen(NodeSpec node, int containerPort) => new(IPAddress.Any, containerPort);

    /// <inheritdoc />
    public void Publish(NodeSpec node, int containerPort, IPEndPoint actual)
    {
        // Ports are fixed and names come from DNS: there is nobody to tell.
    }

    /// <inheritdoc />
    public void Withdraw(NodeSpec node)
    {
        // As with Publish.
    }

    /// <inheritdoc />
    public IPEndPoint? Resolve(string hostname, int port)
    {
        if (IPAddress.TryParse(hostname, out var literal))
        {
            return new IPEndPoint(literal, port);
        }

        try
        {
            var found = Dns.GetHostAddresses(hostname, AddressFamily.InterNetwork);
            return found.Length == 0 ? null : new IPEndPoint(found[0], port);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
