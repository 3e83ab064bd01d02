using System.Collections.Concurrent;
using System.Net;
using WaSimulator.Hosting;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>Nodes of one test: free ports on loopback, found by host name.</summary>
internal sealed class TestNetwork : INodeNetwork
{
    private readonly ConcurrentDictionary<(string Host, int Port), IPEndPoint> published = new();

    public IPEndPoint Listen(NodeSpec node, int containerPort) => new(IPAddress.Loopback, 0);

    public void Publish(NodeSpec node, int containerPort, IPEndPoint actual) => published[(node.Hostname, containerPort)] = actual;

    public void Withdraw(NodeSpec node)
    {
        foreach (var key in published.Keys.Where(key => key.Host == node.Hostname))
        {
            published.TryRemove(key, out _);
        }
    }

    public IPEndPoint? Resolve(string hostname, int port) =>
        published.TryGetValue((hostname, port), out var found)
            ? found
            : IPAddress.TryParse(hostname, out var literal) ? new IPEndPoint(literal, port) : null;
}
