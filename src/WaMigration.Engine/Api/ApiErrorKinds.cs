namespace WaMigration.Api;

/// <summary>The table from the client's statuses and codes to kinds of error.</summary>
internal static class ApiErrorKinds
{
    internal const int ResourceExists = 1004;
    internal const int AccessDenied = 1005;
    internal const int NotFound = 1006;
    internal const int InvalidValue = 1009;
    internal const int NotReady = 1011;
    internal const int InternalError = 1014;
    internal const int TooManyRequests = 1015;
    internal const int Overloaded = 1016;
    internal const int NotPrimaryMaster = 1017;
    internal const int NotPrimaryCoreapp = 1018;
    internal const int DatabaseError = 1023;
    internal const int PasswordChangeRequired = 1024;

    internal static WaErrorKind Of(ApiRequest request, int status, ApiErrorEnvelope envelope) => (status, envelope.Code) switch
    {
        (_, PasswordChangeRequired) => ApiErrors.PasswordChangeRequired,
        (429, _) or (_, TooManyRequests) => request.IsLogin ? ApiErrors.TooManyLogins : ApiErrors.ApiBusy,
        (400, InvalidValue) when IsAboutPassword(envelope) => ApiErrors.WeakPassword,
        (401, _) => request.IsLogin ? ApiErrors.LoginRefused : ApiErrors.TokenRefused,
        (403, AccessDenied) when request.IsLogin => ApiErrors.LoginRefused,
        (403, _) => ApiErrors.ApiAccessDenied,
        (_, Overloaded) => ApiErrors.ApiBusy,
        (_, NotReady or NotPrimaryMaster or NotPrimaryCoreapp) => ApiErrors.ApiNotReady,
        (_, InternalError) when IsAboutCluster(envelope) => ApiErrors.ApiNotReady,
        (_, DatabaseError) => ApiErrors.ApiDatabaseFailed,
        (404, _) or (_, NotFound) => ApiErrors.ApiNotFound,
        (409, _) or (_, ResourceExists) => ApiErrors.ApiConflict,
        (502 or 503 or 504, _) => ApiErrors.ApiUnavailable,
        (>= 400 and < 500, _) => ApiErrors.ApiRefused,
        _ => ApiErrors.ApiFailed,
    };

    /// <summary>The nodes of a client that has just started have not yet said in clusterStore that they are there.</summary>
    private static bool IsAboutCluster(ApiErrorEnvelope envelope) => envelope.Details.Has("clusterStore");

    private static bool IsAboutPassword(ApiErrorEnvelope envelope) =>
        envelope.Details.Has("password")
        && envelope.Details.Has("complexity");
}
