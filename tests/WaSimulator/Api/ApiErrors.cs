namespace WaSimulator.Api;

/// <summary>The client's error codes, with their titles and HTTP statuses.</summary>
internal static class ApiErrors
{
    public const int Generic = 1000;
    public const int MessageTooLong = 1001;
    public const int InvalidRecipientType = 1002;
    public const int AlreadyExists = 1004;
    public const int AccessDenied = 1005;
    public const int NotFound = 1006;
    public const int ParameterMissing = 1008;
    public const int ParameterInvalid = 1009;
    public const int ParameterNotRequired = 1010;
    public const int NotReady = 1011;
    public const int UserInvalid = 1013;
    public const int Internal = 1014;
    public const int TooManyRequests = 1015;
    public const int Overloaded = 1016;
    public const int NotPrimaryMaster = 1017;
    public const int NotPrimaryCoreapp = 1018;
    public const int Database = 1023;
    public const int PasswordChangeRequired = 1024;
    public const int RequestInvalid = 1025;

    private static readonly Dictionary<int, (string Title, int Http)> Known = new()
    {
        [Generic] = ("Generic error", 500),
        [MessageTooLong] = ("Message too long", 400),
        [InvalidRecipientType] = ("Invalid recipient type", 400),
        [AlreadyExists] = ("Resource already exists", 409),
        [AccessDenied] = ("Access denied", 403),
        [NotFound] = ("Resource not found", 404),
        [ParameterMissing] = ("Required parameter is missing", 400),
        [ParameterInvalid] = ("Parameter value is not valid", 400),
        [ParameterNotRequired] = ("Parameter is not required", 400),
        [NotReady] = ("Service not ready", 500),
        [UserInvalid] = ("User is not valid", 400),
        [Internal] = ("Internal error", 500),
        [TooManyRequests] = ("Too many requests", 429),
        [Overloaded] = ("System overloaded", 503),
        [NotPrimaryMaster] = ("Not a primary master", 500),
        [NotPrimaryCoreapp] = ("Not a primary coreapp", 500),
        [Database] = ("Database error occurred", 500),
        [PasswordChangeRequired] = ("Password change required", 401),
        [RequestInvalid] = ("Request is not valid", 400),
    };

    public static string Title(int code) => Known[code].Title;

    public static int Http(int code) => Known[code].Http;
}
