using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace WaMigration.Api;

/// <summary>Reads certificates from a file in PEM (one or more) or DER form.</summary>
internal static class CertificateFile
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);

    /// <returns>The certificates; none where the file holds none.</returns>
    internal static IReadOnlyList<X509Certificate2> Read(byte[] content)
    {
        var blocks = Regex.Matches(
            Encoding.ASCII.GetString(content),
            "-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----",
            RegexOptions.Singleline,
            MatchTimeout);
        try
        {
            return blocks.Count == 0
                ? [new X509Certificate2(content)]
                : blocks.Cast<Match>().Select(block => new X509Certificate2(Convert.FromBase64String(block.Groups[1].Value.Trim()))).ToList();
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return [];
        }
    }
}
