namespace WaLab.Setups;

/// <summary>The Docker hosts of a side, as the lab itself sees them: past all proxies.</summary>
internal interface ILabSide
{
    /// <summary>The hosts' unix sockets.</summary>
    IReadOnlyList<string> Sockets { get; }

    /// <summary>The names of all containers that there are now.</summary>
    IReadOnlyList<string> ContainerNames();

    /// <summary>Where the (first) Webapp answers; null while none does.</summary>
    Uri? ApiAddress();

    /// <summary>The certificate of a Webapp with its key; null before one was made.</summary>
    string? CertificatePem();

    /// <summary>The last words of every node: without them such a failure cannot be understood.</summary>
    Task<string> LastLinesAsync(CancellationToken cancellationToken);
}
