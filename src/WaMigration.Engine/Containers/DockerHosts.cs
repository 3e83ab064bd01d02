using WaMigration.Containers.Docker;

namespace WaMigration.Containers;

/// <summary>Connects to Docker hosts.</summary>
internal static class DockerHosts
{
    /// <summary>
    /// Prepares a connection; nothing is sent before the first call. Addresses: <c>unix://</c>, <c>npipe://</c>,
    /// <c>tcp://</c> (with TLS where a certificate path is given), <c>ssh://</c>.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="certificatePath">Folder with ca.pem, cert.pem, key.pem; null for none.</param>
    /// <param name="timeout">How long one answer may take; stopping a container adds its grace.</param>
    /// <exception cref="WaException">The address or the certificates cannot be used.</exception>
    internal static IDockerHost Connect(Uri address, string? certificatePath, TimeSpan timeout) =>
        new DockerNetHost(address, Transport(address, certificatePath, timeout), timeout);

    private static IDockerTransport Transport(Uri address, string? certificatePath, TimeSpan timeout) =>
        address.Scheme.ToLowerInvariant() switch
        {
            "unix" => new UnixSocketTransport(address),
            "npipe" => new NamedPipeTransport(address, timeout),
            "tcp" or "http" or "https" => new TcpTransport(address, certificatePath),
            "ssh" => new SshTransport(address),
            _ => throw ContainerErrors.DockerSchemeNotSupported.Error(address.ToString(), ContainerText.Catalog.Format("UnknownScheme", address.Scheme)),
        };
}
