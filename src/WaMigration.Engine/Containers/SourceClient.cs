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

    /// <summary>
    /// Those of the containers that are not in it as they are now, each with what differs; a restart policy that was taken
    /// away is no difference.
    /// </summary>
    internal IReadOnlyList<string> NotCovered(IEnumerable<ClientContainer> containers) => containers
        .Select(container => (container.Name, Differences: DifferencesOf(container)))
        .Where(container => container.Differences is not { Count: 0 })
        .Select(container => container.Differences is { } differences ? $"{container.Name} ({string.Join(", ", differences)})" : container.Name)
        .ToList();

    private IReadOnlyList<string>? DifferencesOf(ClientContainer container) =>
        Containers.FirstOrDefault(saved => saved.IsNamedAs(container))?.Differences(container.Detail.Definition);
}

/// <summary>One of them.</summary>
internal sealed record SourceContainer
{
    public WaNodeRole Role { get; init; }

    public string DockerHost { get; init; } = string.Empty;

    public bool WasRunning { get; init; }

    public ContainerDefinition Definition { get; init; } = new() { Name = string.Empty, Image = string.Empty };

    internal bool IsNamedAs(ClientContainer container) =>
        DockerHost == container.Host.Address.ToString() && Definition.Name == container.Name;

    /// <summary>In both directions: what was taken away counts, too.</summary>
    internal IReadOnlyList<string> Differences(ContainerDefinition now)
    {
        var differences = DefinitionComparison.Differences(Definition, now).Union(DefinitionComparison.Differences(now, Definition)).ToList();
        if (Definition.ImageId != now.ImageId)
        {
            differences.Add("image id");
        }

        return differences;
    }
}
