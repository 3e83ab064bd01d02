using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WaSimulator.DockerApi;

/// <summary>What an embedded Docker host is made of.</summary>
public sealed class EmbeddedDockerHostOptions
{
    private volatile bool _running = true;

    /// <summary>The host's name in <c>/info</c>.</summary>
    public string Name { get; init; } = "embedded";

    /// <summary>Path of the unix socket to listen on, or null.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Loopback end point to listen on (port 0 for a free one), or null.</summary>
    public IPEndPoint? Tcp { get; init; }

    /// <summary>With it the TCP end point speaks TLS; the private key must be in it.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>With it clients must show a certificate that this one signed, as with <c>dockerd --tlsverify</c>.</summary>
    public X509Certificate2? ClientCa { get; init; }

    /// <summary>Makes the processes of containers.</summary>
    public required NodeFactory NodeFactory { get; init; }

    /// <summary>What joins this host with others.</summary>
    public EmbeddedFabric Fabric { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The newest API version that it speaks.</summary>
    public string ApiVersion { get; init; } = "1.41";

    /// <summary>The oldest API version that it speaks; Docker Engine 29 refuses all below 1.44.</summary>
    public string MinApiVersion { get; init; } = "1.12";

    /// <summary>The engine version that it claims to be.</summary>
    public string EngineVersion { get; init; } = "20.10.24";

    /// <summary>Who answers on a host port in place of the container that publishes it; null for none.</summary>
    public Func<int, IPublishedPort?>? PublishedPort { get; init; }

    /// <summary>False once the host is going down: restart policies and automatic removal keep out.</summary>
    internal bool IsRunning
    {
        get => _running;
        set => _running = value;
    }
}
