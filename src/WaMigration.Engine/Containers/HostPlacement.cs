namespace WaMigration.Containers;

/// <summary>What goes onto one Docker host, as Install-WaClient -Placement says it. The vendor's production form has one of each.</summary>
internal sealed record HostPlacement(Uri DockerHost)
{
    /// <summary>The name or address under which containers on the other hosts reach this one; that of the address where null.</summary>
    internal string? HostName { get; init; }

    internal int Masters { get; init; } = 1;

    internal int Coreapps { get; init; } = 1;

    internal int Webapps { get; init; } = 1;
}

/// <summary>A Docker host with the nodes that it gets.</summary>
/// <param name="Host">The host.</param>
/// <param name="ExternalName">Its name for containers on other hosts; null where there are no other hosts.</param>
/// <param name="Masters">Masters on it.</param>
/// <param name="Coreapps">Coreapps on it.</param>
/// <param name="Webapps">Webapps on it.</param>
internal sealed record PlacedHost(IDockerHost Host, string? ExternalName, int Masters, int Coreapps, int Webapps)
{
    /// <summary>Spreads a client over the Docker hosts of its setup as it was told.</summary>
    /// <exception cref="WaException">PlacementMissing, PlacementImpossible.</exception>
    internal static IReadOnlyList<PlacedHost> Resolve(
        WaSetup setup, ClientShape shape, IReadOnlyList<HostPlacement> placements, IReadOnlyList<IDockerHost> hosts)
    {
        if (placements.Count == 0)
        {
            return hosts.Count == 1
                ? [new PlacedHost(hosts[0], null, shape.Masters, shape.Coreapps, shape.Webapps)]
                : throw ClientErrors.PlacementMissing.Error(setup.Name, string.Join(", ", hosts.Select(host => host.Address)));
        }

        var isSpread = placements.Count > 1;
        var placed = new List<PlacedHost>();
        foreach (var placement in placements)
        {
            var host = hosts.FirstOrDefault(one => IsSame(one.Address, placement.DockerHost))
                ?? throw Impossible(setup, "PlacementUnknownHost", placement.DockerHost, string.Join(", ", hosts.Select(one => one.Address)));
            if (placed.Any(one => one.Host == host))
            {
                throw Impossible(setup, "PlacementTwice", host.Address);
            }

            var name = placement.HostName ?? (isSpread ? NameOf(host.Address) : null);
            if (isSpread && name is null)
            {
                throw Impossible(setup, "PlacementNoName", host.Address);
            }

            placed.Add(new PlacedHost(host, name, placement.Masters, placement.Coreapps, placement.Webapps));
        }

        RequireAll(setup, "Masters", shape.Masters, placed.Sum(one => one.Masters));
        RequireAll(setup, "Coreapps", shape.Coreapps, placed.Sum(one => one.Coreapps));
        RequireAll(setup, "Webapps", shape.Webapps, placed.Sum(one => one.Webapps));
        return isSpread && shape.Masters == 0 ? throw Impossible(setup, "PlacementSingle") : placed;
    }

    private static void RequireAll(WaSetup setup, string role, int wanted, int placed)
    {
        if (placed != wanted)
        {
            throw Impossible(setup, "PlacementCount", role, placed, wanted);
        }
    }

    private static WaException Impossible(WaSetup setup, string reason, params object[] args) =>
        ClientErrors.PlacementImpossible.Error(setup.Name, ContainerText.Catalog.Format(reason, args));

    private static bool IsSame(Uri one, Uri other) =>
        string.Equals(one.ToString().TrimEnd('/'), other.ToString().TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    private static string? NameOf(Uri address) => address.Host.Length > 0 && !address.IsLoopback && address.Scheme is not ("unix" or "npipe") ? address.Host : null;
}
