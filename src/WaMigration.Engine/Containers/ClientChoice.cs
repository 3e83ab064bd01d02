using WaMigration.Setups;

namespace WaMigration.Containers;

/// <summary>Decides which of the clients on a setup's Docker hosts is the setup's own: old and new may share a host.</summary>
internal static class ClientChoice
{
    /// <summary>The setup's client; null where none of them is.</summary>
    /// <exception cref="WaException">Several could be it.</exception>
    internal static async Task<ClientGroup?> ChooseAsync(
        WaSetup setup, IReadOnlyList<ClientGroup> groups, IReadOnlyList<ClientContainer> databases, Operation operation)
    {
        var seen = new HashSet<string>(setup.SeenNodes.Select(node => node.Id), StringComparer.Ordinal);
        var strong = First(
            groups.Where(group => group.MadeFor == LabelOf(setup)),
            groups.Where(group => group.ApiPorts.Contains(setup.ApiUri.Port)),
            groups.Where(group => group.Containers.Any(container => seen.Contains(container.Detail.Id))),
            groups.Where(group => Uses(group, databases, setup)));
        if (strong.Count > 0)
        {
            return Only(setup, strong);
        }

        // Whose names are known gets no others: what is gone is not replaced by a neighbour.
        var names = KnownNames(setup);

        // Made for another address, or the other side's: not this one, whatever else may fit.
        var elsewhere = new HashSet<string>(setup.Counterpart?.SeenNodes.Select(node => node.Id) ?? [], StringComparer.Ordinal);
        var others = groups
            .Where(group => group.MadeFor is null && !group.Containers.Any(container => elsewhere.Contains(container.Detail.Id)))
            .Where(group => names.Count == 0 || group.Containers.Any(container => names.Contains(container.Name)))
            .ToList();
        if (others.Count == 0)
        {
            return null;
        }

        // What answers at the setup's address although nothing is published there is a proxy before one of them.
        if (await setup.Api(operation).IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false))
        {
            return Only(setup, others);
        }

        // Nothing answers: a client that publishes another port, or whose Webapp runs, is not the one that is meant.
        var silent = others
            .Where(group => group.ApiPorts.Count == 0 && !group.Containers.Any(container => container.Role == WaNodeRole.Webapp && container.IsRunning))
            .ToList();
        if (silent.Count > 0)
        {
            return Only(setup, silent);
        }

        foreach (var other in others)
        {
            operation.Console.Verbose(ContainerText.Catalog.Format("NotOurs", other, setup.ApiUri));
        }

        return null;
    }

    /// <summary>The value of the label on containers made for this setup.</summary>
    internal static string LabelOf(WaSetup setup) => setup.ApiUri.GetLeftPart(UriPartial.Authority);

    private static List<ClientGroup> First(params IEnumerable<ClientGroup>[] choices) =>
        choices.Select(choice => choice.ToList()).FirstOrDefault(choice => choice.Count > 0) ?? [];

    private static bool Uses(ClientGroup group, IReadOnlyList<ClientContainer> databases, WaSetup setup) =>
        setup is { Database: { } given, IsDatabaseFound: false }
        && DatabaseDiscovery.Find(group.Containers, databases) is { } own
        && string.Equals(own.NamePrefix, given.NamePrefix, StringComparison.OrdinalIgnoreCase)
        && ((Same(own.Server, given.Server) && own.Port == given.Port) || (Same(own.ClientHost, given.ClientHost) && own.ClientPort == given.ClientPort));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Container names that were seen as this setup's, in this session or by what was journalled.</summary>
    private static HashSet<string> KnownNames(WaSetup setup)
    {
        var names = new HashSet<string>(setup.SeenNodes.Select(node => node.Name), StringComparer.Ordinal);
        foreach (var kind in new[] { JournalKinds.Installing, JournalKinds.ClientStopping, JournalKinds.ClientRemoving })
        {
            if (setup.Journal.Last(kind, setup.Name)?.Values.TryGetValue("nodes", out var nodes) == true)
            {
                names.UnionWith(nodes.Split([", "], StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return names;
    }

    private static ClientGroup Only(WaSetup setup, List<ClientGroup> candidates) =>
        candidates.Count == 1
            ? candidates[0]
            : throw ClientErrors.ClientAmbiguous.Error(
                setup.Name,
                null,
                candidates.Select(candidate => candidate.ToString()).ToList(),
                string.Join(", ", setup.DockerHosts));
}
