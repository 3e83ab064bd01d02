namespace WaLab.Proxies;

/// <summary>Cuts the client's connection.</summary>
public sealed class ProxyCut : ProxyRule
{
    internal ProxyCut(HoldPoint when, string? method, string path, int from, int times)
        : base(when, method, path, from, times)
    {
    }
}
