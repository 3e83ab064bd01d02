using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace WaMigration.Containers.Docker;

/// <summary>TCP, with mutual TLS where a certificate folder is given.</summary>
internal sealed class TcpTransport : IDockerTransport
{
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;
    private readonly string host;
    private readonly int port;
    private readonly DockerCertificates? certificates;

    internal TcpTransport(Uri address, string? certificatePath)
    {
        host = address.DnsSafeHost;
        certificates = certificatePath is null ? null : DockerCertificates.Load(address, certificatePath);
        if (certificates is null && address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            throw ContainerErrors.DockerCertificateUnusable.Error(address.ToString(), ContainerText.Catalog["NoCertificatePath"]);
        }

        // .NET knows no usual port for tcp://, and 80 or 443 are never meant.
        port = address.Port > 0 && !address.IsDefaultPort ? address.Port : certificates is null ? PlainPort : TlsPort;
    }

    public async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        var client = new TcpClient();
        try
        {
            using (cancellation.Register(client.Dispose))
            {
#if NET
                await client.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
#else
                await client.ConnectAsync(host, port).ConfigureAwait(false);
#endif
                client.NoDelay = true;
                return certificates is null
                    ? client.GetStream()
                    : await EncryptAsync(client.GetStream(), certificates).ConfigureAwait(false);
            }
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private async Task<Stream> EncryptAsync(NetworkStream plain, DockerCertificates own)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false, own.IsTrusted);
        try
        {
            // None: the operating system chooses the versions, which is the only way to keep old ones out.
            await secure.AuthenticateAsClientAsync(host, new X509CertificateCollection { own.Client }, SslProtocols.None, checkCertificateRevocation: false).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            secure.Dispose();
            throw;
        }
    }
}
