using System.Net;
using System.Net.Sockets;

namespace WaSimulator.DockerApi;

/// <summary>Who publishes which port of the host: a port that is taken keeps a container from starting.</summary>
internal sealed class HostPorts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, EmbeddedContainer> _taken = [];

    /// <summary>Takes all of the ports or none; those on which the container itself will listen must be free on the machine.</summary>
    public async Task TakeAsync(EmbeddedContainer container, IEnumerable<int> wanted, Func<int, bool> listensItself)
    {
        var ports = wanted.ToList();
        lock (_gate)
        {
            foreach (var port in ports)
            {
                if (_taken.TryGetValue(port, out var holder) && holder != container)
                {
                    Refuse(container, $"Bind for 0.0.0.0:{port} failed: port is already allocated");
                }
            }

            foreach (var port in ports)
            {
                _taken[port] = container;
            }
        }

        foreach (var port in ports.Where(listensItself))
        {
            // The sockets of a process that was killed a moment ago may still be on their way out.
            for (var attempt = 1; !IsFree(port); attempt++)
            {
                if (attempt == 40)
                {
                    Release(container);
                    Refuse(container, $"Error starting userland proxy: listen tcp4 0.0.0.0:{port}: bind: address already in use");
                }

                await Task.Delay(50);
            }
        }
    }

    public void Release(EmbeddedContainer container)
    {
        lock (_gate)
        {
            foreach (var port in _taken.Where(t => t.Value == container).Select(t => t.Key).ToList())
            {
                _taken.Remove(port);
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Refuse(EmbeddedContainer container, string reason)
    {
        var endpoint = container.Endpoints.Values.Select(e => e.EndpointId).FirstOrDefault() ?? container.Id;
        var message = $"driver failed programming external connectivity on endpoint {container.Name} ({endpoint}): {reason}";
        lock (container.Gate)
        {
            container.State.Error = message;
            container.State.ExitCode = 128;
        }

        throw new DockerError(500, message);
    }
}
