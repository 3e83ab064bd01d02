namespace WaMigration.Setups;

/// <summary>The errors of connecting to a setup and of its health.</summary>
internal static class SetupErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.SetupErrors");

    internal static readonly WaErrorKind ApiAddressNotUsable = new("ApiAddressNotUsable", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind CaCertificateNotUsable = new("CaCertificateNotUsable", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind DatabaseCredentialNotUsable = new("DatabaseCredentialNotUsable", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind HealthNotReached = new("HealthNotReached", WaErrorCategory.OperationTimeout, Text);
    internal static readonly WaErrorKind NumberUnknown = new("NumberUnknown", WaErrorCategory.InvalidData, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
