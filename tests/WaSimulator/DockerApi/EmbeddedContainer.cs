using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>One container: what it was created from, and where it is in its life.</summary>
public sealed class EmbeddedContainer
{
    private string _name;

    internal EmbeddedContainer(string id, string name, string imageReference, DockerImage image, JsonObject config, JsonObject hostConfig, TimeProvider time)
    {
        Id = id;
        _name = name;
        ImageReference = imageReference;
        Image = image;
        Config = config;
        HostConfig = hostConfig;
        Log = new ContainerLog(time);
        Created = time.GetUtcNow();
        Environment = ReadEnvironment(config);
    }

    /// <summary>64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The name, without the engine's leading slash.</summary>
    public string Name
    {
        get => Volatile.Read(ref _name);
        internal set => Volatile.Write(ref _name, value);
    }

    /// <summary>The image it was created from.</summary>
    public DockerImage Image { get; }

    /// <summary>The image as the create request named it.</summary>
    public string ImageReference { get; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Everything that its processes wrote.</summary>
    public ContainerLog Log { get; }

    /// <summary>The image's variables overlaid by the container's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The name it knows itself by.</summary>
    public string Hostname => Json.Text(Config, "Hostname") is { Length: > 0 } name ? name : DockerIds.Short(Id);

    /// <summary>The program it runs; null for an image that is none of the client's.</summary>
    public NodeRole? Role => Image.RoleOf(Environment);

    /// <summary>True while its process is there, also between two tries of a restart policy.</summary>
    public bool IsRunning
    {
        get
        {
            lock (Gate)
            {
                return State.Running;
            }
        }
    }

    /// <summary>The process, while there is one.</summary>
    public ISimNode? Node
    {
        get
        {
            lock (Gate)
            {
                return State.Node;
            }
        }
    }

    /// <summary>Where it answers now, by container port.</summary>
    public IReadOnlyDictionary<int, IPEndPoint> ListeningOn => Ports;

    /// <summary>A file in it, or null; also after it has stopped.</summary>
    public byte[]? ReadFile(string path) =>
        (Node?.Files.GetValueOrDefault(path)) ?? FileSystem.GetValueOrDefault(path);

    /// <summary>It runs a program of the machine in place of what its image is for.</summary>
    internal bool HasOwnProgram => Json.Texts(Config, "Entrypoint") is { Count: > 0 } program && !program.SequenceEqual(Json.Texts(Image.ConfigJson(), "Entrypoint"));

    internal ConcurrentDictionary<int, IPEndPoint> Ports { get; } = new();

    internal Lock Gate { get; } = new();

    /// <summary>Held by start, stop, kill, restart and removal, so that they never overlap.</summary>
    internal SemaphoreSlim Transition { get; } = new(1);

    internal ContainerState State { get; } = new();

    internal JsonObject Config { get; }

    internal JsonObject HostConfig { get; }

    /// <summary>Network name to how the container is attached to it.</summary>
    internal ConcurrentDictionary<string, NetworkEndpoint> Endpoints { get; } = new(StringComparer.Ordinal);

    internal IReadOnlyList<ContainerMount> Mounts { get; set; } = [];

    /// <summary>The writable layer: what its processes left in it. It outlives restarts and ends with the container.</summary>
    internal ConcurrentDictionary<string, byte[]> FileSystem { get; } = new(StringComparer.Ordinal);

    /// <summary>Container port to host port for those that the create request fixed.</summary>
    internal IReadOnlyDictionary<int, IPEndPoint> FixedPorts
    {
        get
        {
            var ports = new Dictionary<int, IPEndPoint>();
            foreach (var (key, value) in Json.Object(HostConfig, "PortBindings") ?? [])
            {
                var text = value is JsonArray { Count: > 0 } bindings ? Json.Text(bindings[0], "HostPort") : null;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
                {
                    ports[PortOf(key)] = new IPEndPoint(IPAddress.Loopback, port);
                }
            }

            return ports;
        }
    }

    internal string RestartPolicy => Json.Text(Json.Object(HostConfig, "RestartPolicy"), "Name") is { Length: > 0 } name ? name : "no";

    internal static int PortOf(string key) => int.Parse(key.Split('/')[0], CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ReadEnvironment(JsonObject config)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Json.Texts(config, "Env"))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                environment[entry[..equals]] = entry[(equals + 1)..];
            }
        }

        return environment;
    }
}
