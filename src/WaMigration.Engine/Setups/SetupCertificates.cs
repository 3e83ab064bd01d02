using System.Security.Cryptography.X509Certificates;
using WaMigration.Api;

namespace WaMigration.Setups;

/// <summary>Root certificates from a file.</summary>
internal static class SetupCertificates
{
    /// <exception cref="WaException">CaCertificateNotUsable.</exception>
    internal static IReadOnlyList<X509Certificate2> Load(string path)
    {
        var roots = File.Exists(path) ? CertificateFile.Read(File.ReadAllBytes(path)) : [];
        return roots.Count > 0 ? roots : throw SetupErrors.CaCertificateNotUsable.Error(path);
    }
}
