using WaLab.RealDocker;
using WaLab.Servers;

namespace WaLab;

/// <summary>What a lab is made of.</summary>
public sealed class LabOptions
{
    /// <summary>What the containers run on.</summary>
    public LabHosts Hosts { get; init; }

    /// <summary>The real Docker hosts to use, where several labs share them; they are cleared when the lab ends. Else it starts its own.</summary>
    public RealGround? Ground { get; init; }

    /// <summary>That ground ends with the lab instead of being cleared.</summary>
    public bool OwnsGround { get; init; }

    /// <summary>
    /// The old client's nodes. On two hosts they are dealt out in turn, with external names and ports, so at most one Master
    /// and one Coreapp a host.
    /// </summary>
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

    /// <summary>How the module reaches an embedded Docker host; a real one is reached by its unix socket, or as a test says.</summary>
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

    /// <summary>What the databases of both sides are on.</summary>
    public LabDatabaseEngine DatabaseEngine { get; init; }

    /// <summary>The database server of an embedded lab; the one of its engine that all labs of the process share unless given.</summary>
    public ILabDatabaseServer? DatabaseServer { get; init; }

    /// <summary>Takes what the lab says of its progress.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
