namespace WaMigration.Containers;

/// <summary>Starts, stops and restarts the containers of a client in their order.</summary>
internal static class ClientLifecycle
{
    /// <summary>What a node gets to finish what it has in hand.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Starts Masters, Coreapps, Webapps.</summary>
    /// <param name="setup">Whose.</param>
    /// <param name="selection">Which.</param>
    /// <param name="source">The other client of the number, to be proved stopped; null where not known.</param>
    /// <param name="sourceStopped">A person said that the other one is stopped.</param>
    /// <param name="timeout">How long the API may take to answer.</param>
    /// <param name="operation">The operation.</param>
    internal static async Task<IReadOnlyList<WaClientNode>> StartAsync(
        WaSetup setup, NodeSelection selection, WaSetup? source, bool sourceStopped, TimeSpan timeout, Operation operation)
    {
        var inventory = await ReadAsync(setup, operation).ConfigureAwait(false);
        if (operation.PlanOnly && setup.Journal.IsPlanned && inventory.Containers.Count == 0)
        {
            // An earlier step of the plan would have made them.
            operation.Console.WhatIf(setup.Name, ContainerText.Catalog.Format("PlanStartInstalled", setup.Name));
            return [];
        }

        var nodes = selection.Of(setup, inventory);

        // Where Coreapps run already the number is served already: one more node changes nothing.
        if (!inventory.OfRole(WaNodeRole.Coreapp).Any(node => node.IsRunning) && nodes.Any(node => !node.IsRunning))
        {
            await RegistrationGuard.RequireMayServeAsync(setup, source ?? setup.Counterpart, sourceStopped, operation).ConfigureAwait(false);
        }

        var activity = ContainerText.Catalog.Format("StartingClient", setup.Name);
        try
        {
            operation.Note(setup, JournalKinds.ClientStarting, ("nodes", Names(nodes)));
            await RestartPolicies.PutBackAsync(setup, nodes, operation).ConfigureAwait(false);
            await NodeStarter.StartAsync(nodes, activity, operation).ConfigureAwait(false);
            await NodeStarter.WaitAsync(setup, nodes, activity, timeout, operation).ConfigureAwait(false);
        }
        finally
        {
            NodeStarter.SayDone(operation, activity);
        }

        if (!operation.PlanOnly && nodes.Any(node => node.Role == WaNodeRole.Webapp))
        {
            setup.State = WaSetupState.Running;
            await PinAsync(setup, [.. nodes.Where(node => node.Role == WaNodeRole.Webapp)], operation).ConfigureAwait(false);
        }

        return await NowAsync(setup, nodes, operation).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a client that is not in Docker, by what its administrator gave. Nobody can look at it afterwards: what counts is
    /// that it may have served from here on.
    /// </summary>
    /// <exception cref="WaException">ActionStartsAll, SourceStillRunning or SourceNotProvedStopped.</exception>
    internal static async Task StartByAsync(WaSetup setup, NodeSelection selection, WaSetup? source, bool sourceStopped, Func<Task> start, Operation operation)
    {
        if (!selection.IsAll)
        {
            throw ClientErrors.ActionStartsAll.Error(setup.Name);
        }

        if (operation.PlanOnly)
        {
            return;
        }

        await RegistrationGuard.RequireMayServeAsync(setup, source ?? setup.Counterpart, sourceStopped, operation).ConfigureAwait(false);
        operation.Note(setup, JournalKinds.ClientStarting, ("by", "action"));
        await start().ConfigureAwait(false);
    }

    /// <summary>Stops Webapps first, so that nothing new is taken, then Coreapps and Masters together.</summary>
    internal static async Task<IReadOnlyList<WaClientNode>> StopAsync(WaSetup setup, NodeSelection selection, Operation operation)
    {
        var nodes = selection.Of(setup, await ReadAsync(setup, operation).ConfigureAwait(false));
        var activity = ContainerText.Catalog.Format("StoppingClient", setup.Name);
        try
        {
            if (nodes.Any(node => node.Role == WaNodeRole.Webapp && node.IsRunning))
            {
                operation.Note(setup, JournalKinds.WebappStopping);
                await StopNodesAsync(nodes.Where(node => node.Role == WaNodeRole.Webapp), activity, operation).ConfigureAwait(false);
            }

            operation.Note(setup, JournalKinds.ClientStopping, ("nodes", Names(nodes)));
            await StopNodesAsync(nodes.Where(node => node.Role != WaNodeRole.Webapp), activity, operation).ConfigureAwait(false);
            if (selection.IsAll)
            {
                operation.Note(setup, JournalKinds.ClientStopped);
            }
        }
        finally
        {
            NodeStarter.SayDone(operation, activity);
        }

        if (!operation.PlanOnly && selection.IsAll)
        {
            setup.State = WaSetupState.Stopped;
        }

        return await NowAsync(setup, nodes, operation).ConfigureAwait(false);
    }

    /// <summary>Restarts in the order of a start, each role together; or one node after the other, where there is something to await after each.</summary>
    internal static async Task<IReadOnlyList<WaClientNode>> RestartAsync(
        WaSetup setup, NodeSelection selection, WaSetup? source, bool sourceStopped, TimeSpan timeout, Operation operation, Func<Task>? afterEach = null)
    {
        var inventory = await ReadAsync(setup, operation).ConfigureAwait(false);
        if (operation.PlanOnly && setup.Journal.IsPlanned && inventory.Containers.Count == 0)
        {
            // An earlier step of the plan would have installed it.
            operation.Console.WhatIf(setup.Name, ContainerText.Catalog.Format("PlanRestartInstalled", selection.IsAll ? setup.Name : selection.ToString()));
            return [];
        }

        var nodes = selection.Of(setup, inventory);

        // Restarting what does not run is starting it.
        if (!inventory.OfRole(WaNodeRole.Coreapp).Any(node => node.IsRunning))
        {
            await RegistrationGuard.RequireMayServeAsync(setup, source ?? setup.Counterpart, sourceStopped, operation).ConfigureAwait(false);
        }

        var activity = ContainerText.Catalog.Format("RestartingClient", setup.Name);
        try
        {
            await RestartPolicies.PutBackAsync(setup, nodes, operation).ConfigureAwait(false);
            foreach (var role in new[] { WaNodeRole.Master, WaNodeRole.Coreapp, WaNodeRole.Webapp })
            {
                var stage = nodes.Where(node => node.Role == role).ToList();
                if (stage.Count > 0)
                {
                    await RestartStageAsync(setup, stage, activity, timeout, afterEach, operation).ConfigureAwait(false);
                    if (role == WaNodeRole.Coreapp && stage.Count == inventory.OfRole(role).Count())
                    {
                        operation.Note(setup, JournalKinds.CoreappsRestarted);
                    }
                }
            }

            await NodeStarter.WaitAsync(setup, nodes, activity, timeout, operation).ConfigureAwait(false);
        }
        finally
        {
            NodeStarter.SayDone(operation, activity);
        }

        return await NowAsync(setup, nodes, operation).ConfigureAwait(false);
    }

    private static async Task RestartStageAsync(
        WaSetup setup, IReadOnlyList<ClientContainer> stage, string activity, TimeSpan timeout, Func<Task>? afterEach, Operation operation)
    {
        foreach (var nodes in afterEach is null ? [stage] : stage.Select(node => (IReadOnlyList<ClientContainer>)[node]))
        {
            NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Restarting", Names(nodes)));
            await Task.WhenAll(nodes.Select(node => node.Host.RestartContainerAsync(node.Detail.Id, Grace, operation.Cancellation))).ConfigureAwait(false);
            if (afterEach is not null)
            {
                await NodeStarter.WaitAsync(setup, nodes, activity, timeout, operation).ConfigureAwait(false);
                await afterEach().ConfigureAwait(false);
            }
        }
    }

    /// <summary>A client that was installed without being started has made its certificate only now.</summary>
    private static async Task PinAsync(WaSetup setup, IReadOnlyList<ClientContainer> webapps, Operation operation)
    {
        if (setup.Connections.PinnedThumbprints.Count == 0 && webapps.All(webapp => webapp.Detail.Definition.Label(ClientVariables.ApiLabel) is not null))
        {
            var pins = await WebappCertificate.PinAsync(setup, webapps, operation).ConfigureAwait(false);
            operation.Note(setup, JournalKinds.Installed, ("started", "true"), ("thumbprints", string.Join(",", pins)));
        }
    }

    internal static async Task StopNodesAsync(IEnumerable<ClientContainer> nodes, string activity, Operation operation)
    {
        var running = nodes.Where(node => node.IsRunning).ToList();
        if (running.Count > 0)
        {
            NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Stopping", Names(running)));
            await Task.WhenAll(running.Select(node => node.Host.StopContainerAsync(node.Detail.Id, Grace, operation.Cancellation))).ConfigureAwait(false);
        }
    }

    /// <exception cref="WaException">NoDockerHost, and those of the inventory.</exception>
    internal static Task<ClientInventory> ReadAsync(WaSetup setup, Operation operation) => setup.DockerHosts.Count == 0
        ? throw ClientErrors.NoDockerHost.Error(setup.Name)
        : ClientInventory.ReadAsync(setup, operation);

    private static async Task<IReadOnlyList<WaClientNode>> NowAsync(WaSetup setup, IReadOnlyList<ClientContainer> nodes, Operation operation)
    {
        var ids = new HashSet<string>(nodes.Select(node => node.Detail.Id), StringComparer.Ordinal);
        return (await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false)).Nodes.Where(node => ids.Contains(node.Id)).ToList();
    }

    private static string Names(IEnumerable<ClientContainer> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
