namespace WaMigration.Containers;

/// <summary>
/// All that is needed to make the containers of a client again, in the order in which they are started. Holds secrets
/// (database password, JWT key): only ever written sealed.
/// </summary>
internal sealed record SourceClient
{
    internal const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public string Setup { get; init; } = string.Empty;

    public DateTimeOffset SavedAt { get; init; }

    public IReadOnlyList<SourceContainer> Containers { get; init; } = [];

    /// <summary>Those of the containers that are not in it as they are now; a restart policy that was taken away is no difference.</summary>
    internal IReadOnlyList<string> NotCovered(IEnumerable<ClientContainer> containers) => containers
        .Where(container => !Containers.Any(saved => saved.IsOf(container)))
        .Select(container => container.Name)
        .ToList();
}

/// <summary>One of them.</summary>
internal sealed record SourceContainer
{
    public WaNodeRole Role { get; init; }

    public string DockerHost { get; init; } = string.Empty;

    public bool WasRunning { get; init; }

    public ContainerDefinition Definition { get; init; } = new() { Name = string.Empty, Image = string.Empty };

    internal bool IsOf(ClientContainer container) =>
        DockerHost == container.Host.Address.ToString()
        && Definition.Name == container.Name
        && Definition.ImageId == container.Detail.Definition.ImageId
        && DefinitionComparison.Differences(Definition, container.Detail.Definition).Count == 0
        && DefinitionComparison.Differences(container.Detail.Definition, Definition).Count == 0;
}
