using System.Net;
using System.Net.Sockets;

namespace WaLab.Net;

/// <summary>Where something listens: a port or a unix socket.</summary>
/// <param name="TcpPort">The port, or 0 for a free one.</param>
/// <param name="UnixSocket">The path of the socket; then the port is not used.</param>
/// <param name="Host">The address, loopback unless given: one of a network that the lab made.</param>
public sealed record LabAddress(int TcpPort, string? UnixSocket = null, IPAddress? Host = null)
{
    /// <summary>The address of a Docker host or of an HTTP server.</summary>
    public static LabAddress Of(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Scheme == "unix" ? new LabAddress(0, address.LocalPath) : new LabAddress(address.Port);
    }

    /// <summary>Opens a connection; the caller owns the stream.</summary>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = UnixSocket is null
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint endPoint = UnixSocket is null ? new IPEndPoint(Host ?? IPAddress.Loopback, TcpPort) : new UnixDomainSocketEndPoint(UnixSocket);
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>True when something accepts connections there now.</summary>
    public async Task<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await ConnectAsync(cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
