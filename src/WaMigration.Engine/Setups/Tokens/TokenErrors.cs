namespace WaMigration.Setups.Tokens;

/// <summary>The errors of API tokens and of the files that they are kept in.</summary>
internal static class TokenErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.Tokens.TokenErrors");

    internal static readonly WaErrorKind TokenTooShortLived = new("TokenTooShortLived", WaErrorCategory.InvalidOperation, Text);
    internal static readonly WaErrorKind TokenExpiryUnknown = new("TokenExpiryUnknown", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind TokenNotAccepted = new("TokenNotAccepted", WaErrorCategory.AuthenticationError, Text);
    internal static readonly WaErrorKind TokenMissing = new("TokenMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind TokenFileExists = new("TokenFileExists", WaErrorCategory.ResourceExists, Text);
    internal static readonly WaErrorKind TokenFileMissing = new("TokenFileMissing", WaErrorCategory.ObjectNotFound, Text);
    internal static readonly WaErrorKind TokenFileNotRecognised = new("TokenFileNotRecognised", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind TokenFileFormatNewer = new("TokenFileFormatNewer", WaErrorCategory.NotImplemented, Text);
    internal static readonly WaErrorKind TokenFileDamaged = new("TokenFileDamaged", WaErrorCategory.InvalidData, Text);
    internal static readonly WaErrorKind TokenFileNotWritten = new("TokenFileNotWritten", WaErrorCategory.WriteError, Text);
    internal static readonly WaErrorKind WrongTokenFilePassword = new("WrongTokenFilePassword", WaErrorCategory.AuthenticationError, Text);
    internal static readonly WaErrorKind TokenFilePasswordEmpty = new("TokenFilePasswordEmpty", WaErrorCategory.InvalidArgument, Text);

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);
}
