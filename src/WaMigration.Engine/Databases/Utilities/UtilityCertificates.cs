namespace WaMigration.Databases.Utilities;

/// <summary>The certificate authorities that this machine trusts, as the tools want them: in a file.</summary>
internal static class UtilityCertificates
{
    private static readonly string[] Known =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ];

    internal static string File(WaDatabaseServer server) =>
        new[] { Environment.GetEnvironmentVariable("SSL_CERT_FILE") }.Concat(Known).FirstOrDefault(file => !string.IsNullOrEmpty(file) && System.IO.File.Exists(file))
        ?? throw UtilityErrors.UtilityCannot.Error(server.ToString(), server.SslMode + ": " + DatabaseText.Catalog["NoCaFile"]);
}
