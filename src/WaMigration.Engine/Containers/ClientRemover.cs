using WaMigration.Setups;

namespace WaMigration.Containers;

/// <summary>
/// Removes the containers of a client and nothing else: no volume, network, image or database. Can be cut off at any
/// request and run again.
/// </summary>
internal sealed class ClientRemover
{
    private readonly WaSetup setup;
    private readonly RemoveOptions options;
    private readonly Operation operation;
    private readonly string activity;
    private DateTimeOffset? webappStopped;

    private ClientRemover(WaSetup setup, RemoveOptions options, Operation operation)
    {
        this.setup = setup;
        this.options = options;
        this.operation = operation;
        activity = ContainerText.Catalog.Format("RemovingClient", setup.Name);
    }

    internal static async Task<WaClientRemoval> RunAsync(WaSetup setup, RemoveOptions options, Operation operation)
    {
        var remover = new ClientRemover(setup, options, operation);
        try
        {
            return await remover.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            NodeStarter.SayDone(operation, remover.activity);
        }
    }

    private async Task<WaClientRemoval> RunAsync()
    {
        if (options.DefinitionPath is { } path && options.DefinitionPassword is null)
        {
            throw ClientErrors.DefinitionPasswordMissing.Error(path);
        }

        var inventory = await ClientLifecycle.ReadAsync(setup, operation).ConfigureAwait(false);
        DatabaseDiscovery.Remember(setup, inventory);
        var nodes = inventory.Containers;
        if (nodes.Count == 0)
        {
            return NothingThere();
        }

        SaveDefinitions(nodes);
        var policies = await RestartPolicies.ClearAsync(setup, nodes, operation).ConfigureAwait(false);
        var isDecided = IsDecided;
        var left = isDecided
            ? null
            : await DrainAsync(nodes, policies).ConfigureAwait(false);
        operation.Note(setup, JournalKinds.ClientStopping, ("nodes", Names(nodes)));
        await ClientLifecycle.StopNodesAsync(nodes.Where(node => node.Role != WaNodeRole.Webapp || isDecided), activity, operation).ConfigureAwait(false);
        operation.Note(setup, JournalKinds.ClientStopped);
        operation.Note(setup, JournalKinds.ClientRemoving, ("nodes", Names(nodes)));

        // The Webapp last: by its port the rest is known as this client's, should the removal be cut off.
        await RemoveAsync(nodes.Where(node => node.Role != WaNodeRole.Webapp)).ConfigureAwait(false);
        await RemoveAsync(nodes.Where(node => node.Role == WaNodeRole.Webapp)).ConfigureAwait(false);
        await RequireGoneAsync().ConfigureAwait(false);
        operation.Note(setup, JournalKinds.ClientRemoved);
        return Result(nodes, left);
    }

    /// <summary>An earlier run came so far that the number was not served any more; what was undelivered then was accepted.</summary>
    private bool IsDecided =>
        setup.Journal.Last(JournalKinds.ClientStopping, setup.Name) is { } stopping
        && (setup.Journal.Last(JournalKinds.ClientStarting, setup.Name) is not { } starting || starting.At < stopping.At);

    private WaClientRemoval NothingThere()
    {
        operation.Console.Warning(ContainerText.Catalog.Format("NothingToRemove", setup.Name, string.Join(", ", setup.DockerHosts)));
        if (setup.Journal.Last(JournalKinds.ClientRemoving, setup.Name) is not null && setup.Journal.Last(JournalKinds.ClientRemoved, setup.Name) is null)
        {
            operation.Note(setup, JournalKinds.ClientRemoved);
        }

        return Result([], null);
    }

    private void SaveDefinitions(IReadOnlyList<ClientContainer> nodes)
    {
        if (options.DefinitionPath is not { } path || options.DefinitionPassword is not { } password)
        {
            return;
        }

        var policies = RestartPolicies.Before(setup, nodes);
        var client = new SourceClient
        {
            Setup = setup.Name,
            SavedAt = operation.Time.GetUtcNow(),
            Containers = nodes.Select(node => new SourceContainer
            {
                Role = node.Role,
                DockerHost = node.Host.Address.ToString(),
                WasRunning = node.IsRunning,
                Definition = node.Detail.Definition with { RestartPolicy = policies[node.Detail.Id] },
            }).ToList(),
        };
        SourceClientFile.Ensure(path, password, setup, client, nodes, operation);
    }

    /// <summary>Where something stays behind that may not, the client is left as it was.</summary>
    private async Task<PendingCounts?> DrainAsync(IReadOnlyList<ClientContainer> nodes, IReadOnlyDictionary<string, string> policies)
    {
        var drain = new ClientDrain(setup, options, activity, operation);
        var webapps = nodes.Where(node => node.Role == WaNodeRole.Webapp).ToList();
        var stopped = webapps.Where(node => !node.IsRunning && WasStoppedByEarlierRun).ToList();
        try
        {
            await drain.WhileServingAsync().ConfigureAwait(false);
            if (webapps.Any(node => node.IsRunning))
            {
                operation.Note(setup, JournalKinds.WebappStopping, ("nodes", Names(webapps)));
                webappStopped = operation.Time.GetUtcNow();
                stopped.AddRange(webapps.Where(node => node.IsRunning));
                await ClientLifecycle.StopNodesAsync(webapps, activity, operation).ConfigureAwait(false);
            }

            var left = await drain.AfterStopAsync(nodes.Any(node => node.Role == WaNodeRole.Coreapp && node.IsRunning)).ConfigureAwait(false);
            drain.RequireAcceptable(left);
            operation.Note(
                setup,
                JournalKinds.Drained,
                ("messages", Text(left?.Messages)),
                ("callbacks", Text(left?.Callbacks)),
                ("from", left?.From ?? string.Empty));
            return left;
        }
        catch (WaException failure) when (failure.Kind == ClientErrors.UndeliveredRemain || failure.Kind == ClientErrors.UndeliveredUnknown)
        {
            await RestartPolicies.PutBackAsync(nodes, policies, operation).ConfigureAwait(false);
            if (stopped.Count > 0)
            {
                await NodeStarter.StartAsync(stopped, activity, operation).ConfigureAwait(false);
                operation.Note(setup, JournalKinds.WebappStartedAgain, ("nodes", Names(stopped)));
            }

            throw;
        }
    }

    private bool WasStoppedByEarlierRun =>
        setup.Journal.Last(JournalKinds.WebappStopping, setup.Name) is { } stopped
        && (setup.Journal.Last(JournalKinds.WebappStartedAgain, setup.Name) is not { } started || started.At < stopped.At);

    private Task RemoveAsync(IEnumerable<ClientContainer> nodes) => Task.WhenAll(nodes.Select(RemoveAsync));

    private async Task RemoveAsync(ClientContainer node)
    {
        var now = await node.Host.InspectContainerAsync(node.Detail.Id, operation.Cancellation).ConfigureAwait(false);
        if (now is null)
        {
            return;
        }

        if (!operation.PlanOnly && node with { Detail = now } is { IsRunning: true } again)
        {
            operation.Console.Warning(ContainerText.Catalog.Format("StartedMeanwhile", again));
            await node.Host.StopContainerAsync(now.Id, ClientLifecycle.Grace, operation.Cancellation).ConfigureAwait(false);
        }

        NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Removing", node.Name));
        await node.Host.RemoveContainerAsync(node.Detail.Id, operation.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Somebody's tool may have made new ones meanwhile.</summary>
    private async Task RequireGoneAsync()
    {
        if (operation.PlanOnly)
        {
            return;
        }

        var rest = (await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false)).Containers;
        if (rest.Count > 0)
        {
            throw ClientErrors.ClientStillThere.Error(setup.Name, null, rest.Select(node => node.ToString()).ToList());
        }

        setup.State = WaSetupState.NotInstalled;
    }

    private WaClientRemoval Result(IReadOnlyList<ClientContainer> nodes, PendingCounts? left) => new(
        setup.Name,
        nodes.Select(node => node.Node).ToList(),
        webappStopped ?? setup.Journal.Last(JournalKinds.WebappStopping, setup.Name)?.At,
        left?.Messages,
        left?.Callbacks,
        options.DefinitionPath);

    private static string Names(IEnumerable<ClientContainer> nodes) => string.Join(", ", nodes.Select(node => node.Name));

    private static string Text(long? count) => count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty;
}
