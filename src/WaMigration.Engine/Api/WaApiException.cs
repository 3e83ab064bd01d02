namespace WaMigration;

/// <summary>
/// The client answered with an error. Every shape of it (the envelope, the Coreapp's old form, HTML of a proxy, an
/// empty body) becomes this one exception.
/// </summary>
public sealed class WaApiException : WaException
{
    internal WaApiException(WaErrorKind kind, string message, string remedy, string target, int httpStatus, int? code, string title, string details, IReadOnlyList<string> evidence, Exception? inner = null)
        : base(kind, message, remedy, target, evidence, inner)
    {
        HttpStatus = httpStatus;
        Code = code;
        Title = title;
        Details = details;
    }

    /// <summary>The HTTP status; 0 where no answer came.</summary>
    public int HttpStatus { get; }

    /// <summary>The client's code, e.g. 1005; null where the answer had none.</summary>
    public int? Code { get; }

    /// <summary>The client's title, e.g. Access denied.</summary>
    public string Title { get; }

    /// <summary>The client's details.</summary>
    public string Details { get; }

    /// <summary>Whether the request may have reached the client though no answer came.</summary>
    internal bool MayHaveBeenTaken { get; set; }
}
