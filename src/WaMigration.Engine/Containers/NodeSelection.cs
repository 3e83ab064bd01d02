namespace WaMigration.Containers;

/// <summary>Which nodes of a client are meant; all where nothing is said.</summary>
internal sealed record NodeSelection(IReadOnlyList<string> Names, IReadOnlyList<WaNodeRole> Roles)
{
    internal static readonly NodeSelection All = new([], []);

    internal bool IsAll => Names.Count == 0 && Roles.Count == 0;

    /// <summary>The nodes that are meant.</summary>
    /// <exception cref="WaException">ClientNotInstalled, NodeNotFound.</exception>
    internal IReadOnlyList<ClientContainer> Of(WaSetup setup, ClientInventory inventory)
    {
        if (inventory.Containers.Count == 0)
        {
            throw ClientErrors.ClientNotInstalled.Error(setup.Name, string.Join(", ", setup.DockerHosts), setup.ApiUri);
        }

        foreach (var name in Names.Where(name => !inventory.Containers.Any(container => Is(container, name))))
        {
            throw ClientErrors.NodeNotFound.Error(name, null, [.. inventory.Containers.Select(container => container.ToString())], setup.Name);
        }

        return inventory.Containers
            .Where(container => Names.Count == 0 || Names.Any(name => Is(container, name)))
            .Where(container => Roles.Count == 0 || Roles.Contains(container.Role))
            .ToList();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names.Concat(Roles.Select(role => role.ToString())));

    private static bool Is(ClientContainer container, string name) => container.Name.Equals(name, StringComparison.Ordinal);
}
