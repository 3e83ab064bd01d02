using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using WaMigration.Api;
using WaMigration.Containers;
using WaMigration.Security;

namespace WaMigration.Setups.Webhooks;

/// <summary>The certificates that a client holds: the webhook's authority, and the one of its own API.</summary>
internal static class Certificates
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);

    internal static async Task<IReadOnlyList<WaCertificate>> GetAsync(WaSetup setup, WaCertificateKind kind, Operation operation)
    {
        var api = setup.Api(operation);
        var pem = kind == WaCertificateKind.Webhook
            ? await api.GetWebhookCaAsync(operation.Cancellation).ConfigureAwait(false)
            : await api.GetExternalCaAsync(operation.Cancellation).ConfigureAwait(false);
        return pem is null
            ? []
            : CertificateFile.Read(Encoding.ASCII.GetBytes(pem)).Select(certificate => Describe(setup, kind, certificate)).ToList();
    }

    /// <summary>Sets it from a PEM file.</summary>
    internal static async Task SetAsync(WaSetup setup, WaCertificateKind kind, string path, Operation operation)
    {
        var pem = Load(path);
        var api = setup.Api(operation);
        if (kind == WaCertificateKind.Webhook)
        {
            RequireAuthorities(pem, path);
            await api.SetWebhookCaAsync(pem, operation.Cancellation).ConfigureAwait(false);
            return;
        }

        RequireExternal(pem, path, operation.Time);
        await api.SetExternalCertificateAsync(pem, operation.Cancellation).ConfigureAwait(false);
        PinOwn(setup, pem, operation);
    }

    /// <summary>From its restart on the client shows the certificate that was just given to it; where certificates are pinned, so is this one.</summary>
    private static void PinOwn(WaSetup setup, string pem, Operation operation)
    {
        if (operation.PlanOnly || setup.Connections.PinnedThumbprints.Count == 0)
        {
            return;
        }

        var thumbprint = Sha256.Hex(CertificateFile.Read(Encoding.ASCII.GetBytes(pem))[0].RawData);
        operation.Note(setup, JournalKinds.CertificateSet, ("thumbprints", thumbprint));
        setup.Connections.Pin(thumbprint);
    }

    internal static Task RemoveWebhookAsync(WaSetup setup, Operation operation) =>
        setup.Api(operation).RemoveWebhookCaAsync(operation.Cancellation);

    internal static string Load(string path)
    {
        try
        {
            return Encoding.ASCII.GetString(PrivateFiles.ReadShared(path));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw WebhookErrors.CertificateFileMissing.Error(path, failure, []);
        }
    }

    /// <exception cref="WaException">CertificateNotUsable.</exception>
    internal static void RequireAuthorities(string pem, string name)
    {
        if (!pem.Has("-----BEGIN CERTIFICATE-----") || CertificateFile.Read(Encoding.ASCII.GetBytes(pem)).Count == 0)
        {
            throw WebhookErrors.CertificateNotUsable.Error(name, WebhookErrors.Phrase("NoCertificate"));
        }
    }

    /// <summary>A bad one keeps the web server from starting, so it is looked at before it is sent.</summary>
    private static void RequireExternal(string pem, string path, TimeProvider time)
    {
        var kinds = Regex.Matches(pem, "-----BEGIN ([A-Z0-9 ]+)-----", RegexOptions.None, MatchTimeout).Cast<Match>().Select(match => match.Groups[1].Value).ToList();
        if (kinds.Count == 0 || !kinds[0].EndsWith("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw WebhookErrors.CertificateNotUsable.Error(path, WebhookErrors.Phrase("NoKey"));
        }

        var certificates = CertificateFile.Read(Encoding.ASCII.GetBytes(pem));
        if (certificates.Count < 2)
        {
            throw WebhookErrors.CertificateNotUsable.Error(path, WebhookErrors.Phrase("NoAuthority"));
        }

        if (certificates.FirstOrDefault(certificate => certificate.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime) is { } ended)
        {
            throw WebhookErrors.CertificateNotUsable.Error(path, WebhookErrors.Phrase("Expired", ended.Subject, ended.NotAfter));
        }
    }

    private static WaCertificate Describe(WaSetup setup, WaCertificateKind kind, X509Certificate2 certificate) => new(
        setup.Name,
        kind,
        certificate.Subject,
        Sha256.Hex(certificate.RawData),
        new DateTimeOffset(certificate.NotAfter),
        "-----BEGIN CERTIFICATE-----\n" + Convert.ToBase64String(certificate.RawData, Base64FormattingOptions.InsertLineBreaks).Replace("\r", string.Empty) + "\n-----END CERTIFICATE-----\n");
}
