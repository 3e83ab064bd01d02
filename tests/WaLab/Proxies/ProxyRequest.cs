namespace WaLab.Proxies;

/// <summary>A request that a proxy saw. Bodies and headers, where secrets are, are not kept.</summary>
/// <param name="Number">Its place in the order of arrival, from 1.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the Docker API version, and the query.</param>
public sealed record ProxyRequest(int Number, DateTimeOffset Time, string Method, string Path)
{
    private int _status;
    private int _forwarded;

    /// <summary>True once it was handed to the server.</summary>
    public bool WasForwarded => Volatile.Read(ref _forwarded) != 0;

    /// <summary>The server's status, or the fault that the proxy answered with; 0 when nothing was answered.</summary>
    public int Status => Volatile.Read(ref _status);

    internal void Forwarded() => Volatile.Write(ref _forwarded, 1);

    internal void Answered(int status) => Volatile.Write(ref _status, status);
}
