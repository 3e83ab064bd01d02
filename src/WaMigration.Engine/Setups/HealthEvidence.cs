using WaMigration.Containers;

namespace WaMigration.Setups;

/// <summary>What is shown when a client does not become good: its nodes, and the end of the log of those in trouble.</summary>
internal static class HealthEvidence
{
    private const int LogLines = 20;
    private const int MostLogs = 2;

    /// <summary>Nodes that are not as a serving client's are, the worst first.</summary>
    internal static IReadOnlyList<WaHealthNode> Troubled(IReadOnlyList<WaHealthNode> nodes) =>
        nodes.Where(node => node.Status != HealthAnswer.Connected)
            .OrderBy(node => node.Status switch
            {
                HealthAnswer.Failed => 0,
                HealthAnswer.Unregistered => 2,
                HealthAnswer.Connecting or HealthAnswer.Uninitialized => 3,
                HealthAnswer.Disconnected => node.Role == HealthAnswer.SecondaryMaster ? 5 : 4,
                _ => 1,
            })
            .ToList();

    /// <summary>Ids of the setup's containers; null where they cannot be looked at.</summary>
    internal static async Task<IReadOnlyCollection<string>?> ContainerIdsAsync(WaSetup setup, Operation operation)
    {
        var inventory = await TryInventoryAsync(setup, operation, []).ConfigureAwait(false);
        return inventory?.Containers.Select(container => container.Detail.Id).ToList();
    }

    /// <summary>Lines to show, and the node that is most to blame.</summary>
    internal static async Task<(string? Node, IReadOnlyList<string> Lines)> ReadAsync(WaSetup setup, WaHealth health, Operation operation)
    {
        var worst = Troubled(health.Nodes).FirstOrDefault(node => node.Name.Length > 0)?.Name;
        var lines = health.Nodes.Select(node => HealthText.Phrase("EvidenceNode", node.Name, node.Role, node.Status, node.Detail).TrimEnd()).ToList();
        if (await TryInventoryAsync(setup, operation, lines).ConfigureAwait(false) is not { } inventory)
        {
            return (worst, lines);
        }

        var suspects = Suspects(inventory, health).Take(MostLogs).ToList();
        foreach (var container in suspects)
        {
            lines.Add(HealthText.Phrase("EvidenceLog", container.Name, container.Host.Address, container.Detail.State));
            try
            {
                var secrets = SecretFilter.For(container.Detail.Definition);
                var log = await container.Host.ReadLogAsync(container.Detail.Id, LogLines, operation.Cancellation).ConfigureAwait(false);
                lines.AddRange(log.Select(line => Api.Redaction.Remove(secrets.Clean(line), [])));
            }
            catch (WaException failure)
            {
                lines.Add(HealthText.Phrase("EvidenceNoLog", failure.Message));
            }
        }

        return (suspects.Count > 0 && !suspects[0].IsRunning ? suspects[0].Name : worst, lines);
    }

    /// <summary>Containers that do not run, whether the API still names them or not; then those of troubled nodes; then the Webapp.</summary>
    private static IEnumerable<ClientContainer> Suspects(ClientInventory inventory, WaHealth health)
    {
        var named = Troubled(health.Nodes).Select(node => Find(inventory, node)).OfType<ClientContainer>();
        var stopped = inventory.Containers.Where(container => !container.IsRunning);
        return stopped.Concat(named).Concat(inventory.OfRole(WaNodeRole.Webapp)).Distinct();
    }

    private static ClientContainer? Find(ClientInventory inventory, WaHealthNode node)
    {
        if (node.Name.Length == 0)
        {
            return inventory.OfRole(WaNodeRole.Coreapp).FirstOrDefault();
        }

        var (host, id) = HealthJudge.Split(node.Name);
        return inventory.Containers.FirstOrDefault(container => id.Length > 0 && container.Detail.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))
            ?? inventory.Containers.FirstOrDefault(container => container.Name == host || container.Detail.Definition.Hostname == host);
    }

    private static async Task<ClientInventory?> TryInventoryAsync(WaSetup setup, Operation operation, List<string> lines)
    {
        if (setup.DockerHosts.Count == 0)
        {
            return null;
        }

        try
        {
            return await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        }
        catch (WaException failure)
        {
            // The evidence is an extra: what is reported is the health, not Docker's trouble.
            lines.Add(HealthText.Phrase("EvidenceNoLog", failure.Message));
            return null;
        }
    }
}
