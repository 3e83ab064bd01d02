namespace WaMigration.Containers;

/// <summary>
/// Takes the restart policies of a client away while it goes, so that no engine brings it back, and puts back what
/// was there. What was there is journalled before it is changed.
/// </summary>
internal static class RestartPolicies
{
    private const string None = "no";

    /// <summary>Sets them to no. The policies that were there are returned, by container id.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> ClearAsync(WaSetup setup, IReadOnlyList<ClientContainer> nodes, Operation operation)
    {
        var before = Before(setup, nodes);
        var set = nodes.Where(node => node.Detail.Definition.RestartPolicy != None).ToList();
        if (set.Count > 0)
        {
            operation.Note(setup, JournalKinds.RestartPoliciesClearing, nodes.Select(node => (node.Name, before[node.Detail.Id])).ToArray());
            await Task.WhenAll(set.Select(node => node.Host.SetRestartPolicyAsync(node.Detail.Id, None, operation.Cancellation))).ConfigureAwait(false);
        }

        return before;
    }

    /// <summary>The policies as they were before any removal began, by container id.</summary>
    internal static IReadOnlyDictionary<string, string> Before(WaSetup setup, IReadOnlyList<ClientContainer> nodes)
    {
        var known = Known(setup);
        return nodes.ToDictionary(
            node => node.Detail.Id,
            node => node.Detail.Definition.RestartPolicy == None && known.TryGetValue(node.Name, out var earlier) ? earlier : node.Detail.Definition.RestartPolicy,
            StringComparer.Ordinal);
    }

    /// <summary>Sets those back that an interrupted removal has left at no, as far as it was written down.</summary>
    internal static Task PutBackAsync(WaSetup setup, IReadOnlyList<ClientContainer> nodes, Operation operation)
    {
        var known = Known(setup);
        return Task.WhenAll(nodes
            .Where(node => node.Detail.Definition.RestartPolicy == None && known.TryGetValue(node.Name, out var earlier) && earlier != None)
            .Select(node => node.Host.SetRestartPolicyAsync(node.Detail.Id, known[node.Name], operation.Cancellation)));
    }

    /// <summary>Sets them to what they were.</summary>
    internal static Task PutBackAsync(IReadOnlyList<ClientContainer> nodes, IReadOnlyDictionary<string, string> before, Operation operation) =>
        Task.WhenAll(nodes
            .Where(node => before.TryGetValue(node.Detail.Id, out var policy) && policy != None)
            .Select(node => node.Host.SetRestartPolicyAsync(node.Detail.Id, before[node.Detail.Id], operation.Cancellation)));

    private static Dictionary<string, string> Known(WaSetup setup) =>
        setup.Journal.Last(JournalKinds.RestartPoliciesClearing, setup.Name)?.Values.ToDictionary(value => value.Key, value => value.Value) ?? [];
}
