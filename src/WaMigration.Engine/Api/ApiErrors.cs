namespace WaMigration.Api;

/// <summary>The errors of the client's API.</summary>
internal static class ApiErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Api.ApiErrors");

    internal static readonly WaErrorKind ApiUnreachable = Kind("ApiUnreachable", WaErrorCategory.ConnectionError);
    internal static readonly WaErrorKind ApiConnectionLost = Kind("ApiConnectionLost", WaErrorCategory.ConnectionError);
    internal static readonly WaErrorKind ApiTimeout = Kind("ApiTimeout", WaErrorCategory.OperationTimeout);
    internal static readonly WaErrorKind ApiUnavailable = Kind("ApiUnavailable", WaErrorCategory.ConnectionError);
    internal static readonly WaErrorKind ApiBusy = Kind("ApiBusy", WaErrorCategory.ResourceBusy);
    internal static readonly WaErrorKind ApiNotReady = Kind("ApiNotReady", WaErrorCategory.ResourceBusy);
    internal static readonly WaErrorKind ApiDatabaseFailed = Kind("ApiDatabaseFailed", WaErrorCategory.ConnectionError);
    internal static readonly WaErrorKind ApiFailed = Kind("ApiFailed", WaErrorCategory.ProtocolError);
    internal static readonly WaErrorKind ApiRefused = Kind("ApiRefused", WaErrorCategory.InvalidArgument);
    internal static readonly WaErrorKind ApiNotFound = Kind("ApiNotFound", WaErrorCategory.ObjectNotFound);
    internal static readonly WaErrorKind ApiConflict = Kind("ApiConflict", WaErrorCategory.ResourceExists);
    internal static readonly WaErrorKind ApiAccessDenied = Kind("ApiAccessDenied", WaErrorCategory.PermissionDenied);
    internal static readonly WaErrorKind ApiAnswerNotUnderstood = Kind("ApiAnswerNotUnderstood", WaErrorCategory.ProtocolError);
    internal static readonly WaErrorKind UntrustedCertificate = Kind("UntrustedCertificate", WaErrorCategory.SecurityError);
    internal static readonly WaErrorKind CertificateNotPinned = Kind("CertificateNotPinned", WaErrorCategory.SecurityError);
    internal static readonly WaErrorKind ThumbprintNotUsable = Kind("ThumbprintNotUsable", WaErrorCategory.InvalidArgument);
    internal static readonly WaErrorKind LoginRefused = Kind("LoginRefused", WaErrorCategory.AuthenticationError);
    internal static readonly WaErrorKind LoginMissing = Kind("LoginMissing", WaErrorCategory.AuthenticationError);
    internal static readonly WaErrorKind TokenRefused = Kind("TokenRefused", WaErrorCategory.AuthenticationError);
    internal static readonly WaErrorKind PasswordChangeRequired = Kind("PasswordChangeRequired", WaErrorCategory.AuthenticationError);
    internal static readonly WaErrorKind WeakPassword = Kind("WeakPassword", WaErrorCategory.InvalidArgument);
    internal static readonly WaErrorKind TooManyLogins = Kind("TooManyLogins", WaErrorCategory.AuthenticationError);
    internal static readonly WaErrorKind UserExists = Kind("UserExists", WaErrorCategory.ResourceExists);
    internal static readonly WaErrorKind RestoreOutcomeUnknown = Kind("RestoreOutcomeUnknown", WaErrorCategory.InvalidOperation);
    internal static readonly WaErrorKind NotInstalledYet = Kind("NotInstalledYet", WaErrorCategory.InvalidOperation);

    /// <summary>The one way from an answer (or its absence: status 0) to an error.</summary>
    internal static WaApiException Answer(
        WaErrorKind kind,
        string target,
        string request,
        int status,
        ApiErrorEnvelope envelope,
        IReadOnlyList<string> evidence,
        Exception? inner = null)
    {
        object?[] args = [target, request, envelope.Describe(status)];
        return new WaApiException(
            kind,
            Text.Format(kind.Id, args),
            Text.Format(kind.Id + "_Remedy", args),
            target,
            status,
            envelope.Code,
            envelope.Title,
            envelope.Details,
            evidence,
            inner);
    }

    /// <summary>Texts that are no error of their own.</summary>
    internal static string Phrase(string name, params object?[] args) => Text.Format(name, args);

    private static WaErrorKind Kind(string id, WaErrorCategory category) => new(id, category, Text);
}
