using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WaMigration.Containers.Docker;

/// <summary>The client certificate for a Docker host, and the authority that its own certificate must come from.</summary>
internal sealed class DockerCertificates
{
    private const string AuthorityFile = "ca.pem";
    private const string CertificateFile = "cert.pem";
    private const string KeyFile = "key.pem";
    private readonly X509Certificate2 authority;

    private DockerCertificates(X509Certificate2 authority, X509Certificate2 client)
    {
        this.authority = authority;
        Client = client;
    }

    internal X509Certificate2 Client { get; }

    internal static DockerCertificates Load(Uri address, string folder)
    {
        try
        {
            var authority = Parse(Path.Combine(folder, AuthorityFile));
            return new DockerCertificates(authority, LoadClient(Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or FormatException or ArgumentException)
        {
            throw ContainerErrors.DockerCertificateUnusable.Error(address.ToString(), failure, [], failure.Message);
        }
    }

    /// <summary>The server's certificate must carry the host's name and come from this authority, whatever the machine trusts otherwise.</summary>
    internal bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? _, SslPolicyErrors errors)
    {
        const SslPolicyErrors NotTheChain = SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable;
        if (certificate is null || (errors & NotTheChain) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var server = new X509Certificate2(certificate);
#if NET
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(server);
#else
        chain.ChainPolicy.ExtraStore.Add(authority);
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        return chain.Build(server)
            && chain.ChainElements.Count > 0
            && chain.ChainElements[chain.ChainElements.Count - 1].Certificate.RawData.SequenceEqual(authority.RawData);
#endif
    }

    private static X509Certificate2 Parse(string path) => new(Pem.Read(File.ReadAllText(path), "CERTIFICATE")
        ?? throw new FormatException(ContainerText.Catalog.Format("NoPemBlock", path, "CERTIFICATE")));

    /// <summary>Windows' TLS takes no key that only lives in memory, so there the pair goes through a PFX once.</summary>
    private static X509Certificate2 Settle(X509Certificate2 pair)
    {
        using (pair)
        {
            var pfx = pair.Export(X509ContentType.Pfx);
            try
            {
#pragma warning disable SYSLIB0057 // The loader that replaces this constructor is not in .NET 8 and .NET Framework.
                return new X509Certificate2(pfx, (string?)null, X509KeyStorageFlags.UserKeySet);
#pragma warning restore SYSLIB0057
            }
            finally
            {
                Array.Clear(pfx, 0, pfx.Length);
            }
        }
    }

#if NET
    private static X509Certificate2 LoadClient(string certificatePath, string keyPath)
    {
        var pair = X509Certificate2.CreateFromPem(File.ReadAllText(certificatePath), File.ReadAllText(keyPath));
        return OperatingSystem.IsWindows() ? Settle(pair) : pair;
    }
#else
    private static X509Certificate2 LoadClient(string certificatePath, string keyPath)
    {
        var text = File.ReadAllText(keyPath);
        var pkcs8 = Pem.Read(text, "PRIVATE KEY");
        if (pkcs8 is null && Pem.Read(text, "RSA PRIVATE KEY") is { } pkcs1)
        {
            pkcs8 = Pkcs8.FromRsa(pkcs1);
        }

        if (pkcs8 is null)
        {
            throw new FormatException(ContainerText.Catalog.Format("NoPemBlock", keyPath, "PRIVATE KEY"));
        }

        using var certificate = Parse(certificatePath);
        using var key = CngKey.Import(pkcs8, CngKeyBlobFormat.Pkcs8PrivateBlob);
        key.SetProperty(new CngProperty("Export Policy", BitConverter.GetBytes((int)CngExportPolicies.AllowPlaintextExport), CngPropertyOptions.None));
        if (key.AlgorithmGroup == CngAlgorithmGroup.Rsa)
        {
            using var rsa = new RSACng(key);
            return Settle(certificate.CopyWithPrivateKey(rsa));
        }

        using var curve = new ECDsaCng(key);
        return Settle(certificate.CopyWithPrivateKey(curve));
    }

    private static class Pkcs8
    {
        /// <summary>version 0, algorithm rsaEncryption with NULL parameters.</summary>
        private static readonly byte[] Head = [0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

        internal static byte[] FromRsa(byte[] key) => Element(0x30, Head.Concat(Element(0x04, key)).ToArray());

        private static byte[] Element(byte tag, byte[] content)
        {
            var length = content.Length < 0x80
                ? [(byte)content.Length]
                : content.Length <= 0xffff
                    ? new byte[] { 0x82, (byte)(content.Length >> 8), (byte)content.Length }
                    : throw new FormatException();
            return new[] { tag }.Concat(length).Concat(content).ToArray();
        }
    }
#endif
}
