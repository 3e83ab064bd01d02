using System.Net.Http;
using Docker.DotNet;
using Microsoft.Net.Http.Client;

namespace WaMigration.Containers.Docker;

/// <summary>
/// Puts our own streams under the Docker library: its own openers know neither time limits nor cancellation on every
/// platform, speak old TLS versions, and would send requests for a local socket through a proxy of the environment.
/// </summary>
internal sealed class TransportCredentials(IDockerTransport transport) : Credentials
{
    public override bool IsTlsCredentials() => false;

    public override HttpMessageHandler GetHandler(HttpMessageHandler innerHandler)
    {
        innerHandler.Dispose();
        return new ManagedHandler(OpenAsync) { UseProxy = false, RedirectMode = RedirectMode.None };
    }

    private async Task<Stream> OpenAsync(string host, int port, CancellationToken cancellation)
    {
        var stream = await transport.OpenAsync(cancellation).ConfigureAwait(false);

        // Reads of .NET Framework's streams do not look at the token once they have begun: closing ends them.
        cancellation.Register(stream.Dispose);
        return stream;
    }
}
