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

/// <summary>Cuts the client's connection.</summary>
public sealed class ProxyCut : ProxyRule
{
    internal ProxyCut(HoldPoint when, string? method, string path, int from, int times)
        : base(when, method, path, from, times)
    {
    }
}

/// <summary>Slows requests or answers down.</summary>
public sealed class ProxyDelay : ProxyRule
{
    internal ProxyDelay(HoldPoint when, string? method, string path, int from, int times, TimeSpan delay)
        : base(when, method, path, from, times) => Delay = delay;

    internal TimeSpan Delay { get; }
}
