using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>The certificate that the Webapp serves: its own self-signed one, or an external one from waweb.</summary>
internal static class ServerCertificates
{
    /// <summary>Made once for a container and kept in its files.</summary>
    public static X509Certificate2 SelfSigned(IDictionary<string, byte[]> files, NodeSpec spec, SimClock clock)
    {
        if (files.TryGetValue(ContainerFiles.ServerPem, out var stored))
        {
            return Load(Encoding.ASCII.GetString(stored));
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={spec.Hostname}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(spec.Hostname);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(clock.Now.AddDays(-1), clock.Now.AddYears(10));
        var pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        files[ContainerFiles.ServerPem] = Encoding.ASCII.GetBytes(pem);
        return Load(pem);
    }

    /// <summary>The external certificate, put where the web server reads it; one that cannot be used stops the web server from starting.</summary>
    public static X509Certificate2 External(IDictionary<string, byte[]> files, StoredCertificate stored)
    {
        try
        {
            var certificate = Load(stored.CertificateAndKey);
            files[ContainerFiles.ServerPem] = Encoding.ASCII.GetBytes(stored.CertificateAndKey);
            return certificate;
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new SimulatorException($"The web server cannot start: the external certificate cannot be used: {problem.Message}", problem);
        }
    }

    private static X509Certificate2 Load(string pem)
    {
        using var ephemeral = X509Certificate2.CreateFromPem(pem, pem);
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), password: null);
    }
}
