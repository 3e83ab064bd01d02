namespace WaMigration.Containers;

/// <summary>Sorts the client containers of all Docker hosts into clients.</summary>
internal static class ClientGroups
{
    /// <summary>
    /// On one Docker host the compose project tells clients apart, without compose the databases that they use. Over
    /// several hosts the parts of a client have their databases in common; where that leaves a choice, also the project.
    /// </summary>
    internal static IReadOnlyList<ClientGroup> Sort(IReadOnlyList<ClientContainer> containers)
    {
        var perHost = containers
            .GroupBy(container => container.Host.Address)
            .Select(host => host
                .GroupBy(container => KeyOf(container.Detail.Definition), StringComparer.Ordinal)
                .Select(group => new ClientGroup(group.First().Detail.Definition.Label(ClientVariables.ProjectLabel) ?? string.Empty, group))
                .ToList())
            .ToList();

        var clients = new List<ClientGroup>();
        foreach (var host in perHost)
        {
            var joined = new List<ClientGroup>();
            foreach (var part in host)
            {
                var partner = Partner(part, clients, host);
                if (partner is null)
                {
                    joined.Add(part);
                }
                else
                {
                    clients.Remove(partner);
                    joined.Add(partner.With(part));
                }
            }

            clients.AddRange(joined);
        }

        return clients;
    }

    private static ClientGroup? Partner(ClientGroup part, List<ClientGroup> clients, List<ClientGroup> sameHost)
    {
        if (part.Database is not { } database)
        {
            return null;
        }

        var sharing = clients.Where(client => client.Database == database).ToList();
        return sharing.FirstOrDefault(client => client.Project == part.Project)
            ?? (sharing.Count == 1 && sameHost.Count(other => other.Database == database) == 1 ? sharing[0] : null);
    }

    private static string KeyOf(ContainerDefinition definition) =>
        definition.Label(ClientVariables.ProjectLabel) is { Length: > 0 } project
            ? "project " + project
            : "database " + DatabaseKey.Of(definition);
}
