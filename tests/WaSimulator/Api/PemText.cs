using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WaSimulator.Api;

/// <summary>Certificates as they are sent to the API: text/plain PEM.</summary>
internal static class PemText
{
    /// <summary>The text, if it holds at least one readable certificate; else 1009.</summary>
    public static string Certificates(byte[] body, string what)
    {
        var text = Encoding.UTF8.GetString(body);
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(text);
            if (found.Count > 0)
            {
                return text;
            }
        }
        catch (CryptographicException problem)
        {
            throw new ApiException(ApiErrors.ParameterInvalid, $"The {what} is not valid PEM: {problem.Message}");
        }

        throw new ApiException(ApiErrors.ParameterInvalid, $"The {what} holds no certificate");
    }
}
