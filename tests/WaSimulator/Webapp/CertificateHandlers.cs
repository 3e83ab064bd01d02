using System.Security.Cryptography;
using System.Text;
using WaSimulator.Api;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>The certificate of the API itself; a new one is served after a restart of the Webapp.</summary>
internal sealed class CertificateHandlers(string version, NodeEnvironment environment, WebStore store, WebApi api)
{
    public void Map()
    {
        api.ForAdmins("POST", "/v1/certificates/external", PutAsync);
        api.ForAdmins("GET", "/v1/certificates/external/ca", GetCaAsync);
    }

    private async Task<ApiAnswer> PutAsync(WebCall web)
    {
        var blocks = Blocks(Encoding.UTF8.GetString(web.Call.Body));
        // Whether key and certificate fit is not looked at here: the web server finds out when it starts.
        if (blocks.Count < 3 || !blocks[0].Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) ||
            blocks.Skip(1).Any(block => block.Label != "CERTIFICATE"))
        {
            throw new ApiException(
                ApiErrors.ParameterInvalid,
                "The body must hold the private key, the certificate and at least one CA certificate, in this order");
        }

        await store.PutCertificateAsync(
            environment.ServerName,
            blocks[0].Text + "\n" + blocks[1].Text + "\n",
            string.Join("\n", blocks.Skip(2).Select(block => block.Text)) + "\n",
            web.Call.Aborted);
        return ApiAnswer.MetaOnly(version);
    }

    private async Task<ApiAnswer> GetCaAsync(WebCall web) =>
        await store.CertificateAsync(environment.ServerName, web.Call.Aborted) is { } stored
            ? ApiAnswer.Text(200, "text/plain", stored.Authorities)
            : ApiAnswer.Empty(404);

    private static List<(string Label, string Text)> Blocks(string text)
    {
        var blocks = new List<(string, string)>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            blocks.Add((rest[fields.Label].ToString(), rest[fields.Location].ToString()));
            rest = rest[fields.Location.End..];
        }

        return blocks;
    }
}
