namespace WaLab.Proxies;

/// <summary>Slows requests or answers down.</summary>
public sealed class ProxyDelay : ProxyRule
{
    internal ProxyDelay(HoldPoint when, string? method, string path, int from, int times, TimeSpan delay)
        : base(when, method, path, from, times) => Delay = delay;

    internal TimeSpan Delay { get; }
}
