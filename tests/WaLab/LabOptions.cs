using WaLab.Servers;

namespace WaLab;

/// <summary>What a lab is made of.</summary>
public sealed class LabOptions
{
    /// <summary>The old client's nodes.</summary>
    public LabTopology Topology { get; init; } = new();

    /// <summary>The new client's nodes; the old one's unless given.</summary>
    public LabTopology? NewTopology { get; init; }

    /// <summary>The old client is installed, registered, connected, and exchanges messages.</summary>
    public bool OldInstalled { get; init; } = true;

    /// <summary>The new client is installed and unregistered. False: only its Docker host and database account are there.</summary>
    public bool NewInstalled { get; init; }

    /// <summary>All durations of the client and of the service are multiplied by it; 1 is as long as the real ones.</summary>
    public double Scale { get; init; } = 0.02;

    /// <summary>What the old client has done before.</summary>
    public LabSeed Seed { get; init; } = new();

    /// <summary>Version of the old client.</summary>
    public string ClientVersion { get; init; } = "2.53.1";

    /// <summary>Version of the new client; the old one's unless given.</summary>
    public string? NewClientVersion { get; init; }

    /// <summary>How the module reaches the Docker hosts.</summary>
    public DockerTransport DockerTransport { get; init; } = DockerTransport.Unix;

    /// <summary>A proxy on every link between the module and the rest.</summary>
    public bool ProxyLinks { get; init; } = true;

    /// <summary>Shards can be read from a client that is not registered.</summary>
    public bool ShardsReadableUnregistered { get; init; } = true;

    /// <summary>The old client has two-step verification on.</summary>
    public bool TwoStep { get; init; } = true;

    /// <summary>The phone number; a random one unless given.</summary>
    public string? Number { get; init; }

    /// <summary>More variables in the images of both sides, such as <c>WA_SIM_BAD_LOGINS</c>.</summary>
    public IReadOnlyDictionary<string, string> ImageVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>The clock of everything simulated.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The database server; the one that all labs of the process share unless given.</summary>
    public LabPostgres? Postgres { get; init; }

    /// <summary>Takes what the lab says of its progress.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
