using System.Net.Sockets;

namespace WaMigration.Containers.Docker;

/// <summary>A unix socket on this machine.</summary>
internal sealed class UnixSocketTransport : IDockerTransport
{
#if NET
    private readonly string path;

    internal UnixSocketTransport(Uri address) => path = address.LocalPath;

    public async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
#else
    // .NET Framework has no unix sockets, and Docker on Windows answers at a named pipe.
    internal UnixSocketTransport(Uri address) =>
        throw ContainerErrors.DockerSchemeNotSupported.Error(address.ToString(), ContainerText.Catalog["NoUnixSockets"]);

    public Task<Stream> OpenAsync(CancellationToken cancellation) => throw new SocketException((int)SocketError.AddressFamilyNotSupported);
#endif
}
