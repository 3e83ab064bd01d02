using System.Security.Cryptography.X509Certificates;
using WaLab.Net;

namespace WaLab.Proxies;

/// <summary>A link that a proxy sits on.</summary>
public sealed class HttpProxyOptions
{
    /// <summary>Where clients connect.</summary>
    public required LabAddress Listen { get; init; }

    /// <summary>Where the server is; null where that is told when it comes.</summary>
    public LabAddress? Upstream { get; init; }

    /// <summary>
    /// For TLS links: the very certificate of the server, with its key, so that pins hold through the proxy. Asked for
    /// when the first connection arrives, since the server may not be installed before.
    /// </summary>
    public Func<CancellationToken, Task<X509Certificate2>>? Certificate { get; init; }

    /// <summary>
    /// True where somebody tells the proxy when the server comes and goes (<see cref="HttpProxy.ServerCameAsync"/>,
    /// <see cref="HttpProxy.ServerWentAsync"/>): it listens only while the server does, so that connections are refused
    /// as they would be without it. False: it looks at each connection, and resets it if the server refuses.
    /// </summary>
    public bool FollowsServer { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
