namespace WaLab.Proxies;

/// <summary>Answers instead of the server.</summary>
public sealed class ProxyAnswer : ProxyRule
{
    internal ProxyAnswer(HoldPoint when, string? method, string path, int from, int times, int status, string body, string contentType)
        : base(when, method, path, from, times)
    {
        Status = status;
        Body = body;
        ContentType = contentType;
    }

    internal int Status { get; }

    internal string Body { get; }

    internal string ContentType { get; }
}
