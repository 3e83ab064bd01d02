namespace WaMigration.Setups.Webhooks;

/// <summary>The errors of webhooks, certificates, media providers and two-step verification.</summary>
internal static class WebhookErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.Webhooks.WebhookErrors");

    internal static readonly WaErrorKind WebhookNotUsable = new("WebhookNotUsable", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind CertificateNotUsable = new("CertificateNotUsable", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind CertificateFileMissing = new("CertificateFileMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind PinNotUsable = new("PinNotUsable", WaErrorCategory.InvalidArgument, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
