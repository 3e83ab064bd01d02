using System.IO.Pipes;

namespace WaMigration.Containers.Docker;

/// <summary>A named pipe, as Docker on Windows listens on: <c>npipe://./pipe/docker_engine</c>.</summary>
internal sealed class NamedPipeTransport : IDockerTransport
{
    private readonly string server;
    private readonly string pipe;
    private readonly TimeSpan timeout;

    internal NamedPipeTransport(Uri address, TimeSpan timeout)
    {
        if (address.Segments.Length != 3 || !address.Segments[1].Equals("pipe/", StringComparison.OrdinalIgnoreCase))
        {
            throw ContainerErrors.DockerSchemeNotSupported.Error(address.ToString(), ContainerText.Catalog["PipeAddress"]);
        }

        server = address.Host.Length == 0 || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? "." : address.Host;
        pipe = address.Segments[2];
        this.timeout = timeout;
    }

    public async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        var stream = new NamedPipeClientStream(server, pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await stream.ConnectAsync((int)timeout.TotalMilliseconds, cancellation).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
