namespace WaMigration.Containers;

/// <summary>
/// All that is needed to make a container (again): what the vendor's compose files set. Holds secrets in
/// <see cref="Environment"/> (the database password, the JWT key): never log it, keep it only encrypted.
/// </summary>
internal sealed record ContainerDefinition
{
    public required string Name { get; init; }

    /// <summary>Image with tag.</summary>
    public required string Image { get; init; }

    /// <summary>Image id at the time it was read; empty for a new one.</summary>
    public string ImageId { get; init; } = string.Empty;

    public string Hostname { get; init; } = string.Empty;

    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<PortPublication> Ports { get; init; } = [];

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Network names with the aliases in each; the first one is the network mode.</summary>
    public IReadOnlyList<NetworkAttachment> Networks { get; init; } = [];

    public string NetworkMode { get; init; } = string.Empty;

    public string RestartPolicy { get; init; } = "no";

    public int RestartMaximumRetries { get; init; }

    public IReadOnlyList<string> CapDrop { get; init; } = [];

    /// <summary>Whose rights it runs with; the image's own where it is empty.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Where its output goes; the host's default where it is empty.</summary>
    public string LogDriver { get; init; } = string.Empty;

    public IReadOnlyList<string> CapAdd { get; init; } = [];

    public IReadOnlyList<string> ExtraHosts { get; init; } = [];
}

/// <summary>A container port published on the host; port 0 lets the engine choose at each start.</summary>
internal sealed record PortPublication(int ContainerPort, string Protocol, string HostAddress, int HostPort);

/// <summary>A mount: volume name or host path, the place in the container, whether read-only.</summary>
internal sealed record ContainerMount(string Type, string Source, string Target, bool ReadOnly);

/// <summary>A network that the container is on.</summary>
internal sealed record NetworkAttachment(string Name, IReadOnlyList<string> Aliases);

/// <summary>A line of the container list.</summary>
internal sealed record ContainerSummary(string Id, string Name, string Image, string State, IReadOnlyDictionary<string, string> Labels);

/// <summary>A container as it is. Published are the definition's ports with what the engine chose; one not chosen yet is left out.</summary>
internal sealed record ContainerDetail(
    string Id,
    string State,
    int ExitCode,
    string Error,
    ContainerDefinition Definition,
    IReadOnlyList<PortPublication> PublishedPorts)
{
    /// <summary>One that is made and was not started.</summary>
    internal static ContainerDetail Created(string id, ContainerDefinition definition) =>
        new(id, "created", 0, string.Empty, definition, definition.Ports.Where(port => port.HostPort > 0).ToList());
}
