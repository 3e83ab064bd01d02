using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>Certificates and ssh keys of a network's hosts, made for it alone and gone with it.</summary>
internal sealed class DockerHostKeys : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly X509Certificate2 _authority;

    private DockerHostKeys(X509Certificate2 authority, string clientFolder, SshKeys ssh)
    {
        _authority = authority;
        ClientFolder = clientFolder;
        Ssh = ssh;
    }

    /// <summary>ca.pem, cert.pem, key.pem of the client.</summary>
    public string ClientFolder { get; }

    public SshKeys Ssh { get; }

    public static async Task<DockerHostKeys> CreateAsync(LabNetwork network, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={network.Bridge} authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(30));
        var folder = Path.Combine(network.Folder, "client");
        var keys = new DockerHostKeys(authority, folder, await SshKeys.CreateAsync(Path.Combine(network.Folder, "ssh"), cancellationToken));
        await keys.WriteAsync("client", "1.3.6.1.5.5.7.3.2", null, folder, cancellationToken);
        return keys;
    }

    /// <summary>The server's certificate, for its address and its name.</summary>
    public Task WriteServerAsync(LabMachine machine, string folder, CancellationToken cancellationToken)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(machine.Address);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName(machine.Name);
        names.AddDnsName("localhost");
        return WriteAsync(machine.Name, "1.3.6.1.5.5.7.3.1", names, folder, cancellationToken);
    }

    public void Dispose() => _authority.Dispose();

    private async Task WriteAsync(
        string name, string purpose, SubjectAlternativeNameBuilder? names, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        using var signed = request.Create(
            _authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(29), RandomNumberGenerator.GetBytes(16));
        await WritePemAsync(Path.Combine(folder, "ca.pem"), _authority.ExportCertificatePem(), cancellationToken);
        await WritePemAsync(Path.Combine(folder, "cert.pem"), signed.ExportCertificatePem(), cancellationToken);
        await WritePemAsync(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem(), cancellationToken);
    }

    private static async Task WritePemAsync(string file, string pem, CancellationToken cancellationToken)
    {
        await using (File.Create(file))
        {
            LabFolders.SetMode(file, OwnerOnly);
        }

        await File.WriteAllTextAsync(file, pem + "\n", cancellationToken);
    }
}
