namespace WaMigration.Containers;

/// <summary>Starts containers of a client in their order, and sees to it that they stay up.</summary>
internal static class NodeStarter
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>A container that ends right after its start is seen within this time.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    /// <summary>Seen between two starts of its restart policy that often, it will not come up.</summary>
    private const int RestartingLimit = 3;

    /// <summary>Masters, then Coreapps, then Webapps.</summary>
    internal static async Task StartAsync(IReadOnlyList<ClientContainer> nodes, string activity, Operation operation)
    {
        foreach (var role in new[] { WaNodeRole.Master, WaNodeRole.Coreapp, WaNodeRole.Webapp })
        {
            var stage = nodes.Where(node => node.Role == role).ToList();
            if (stage.Count > 0)
            {
                Say(operation, activity, ContainerText.Catalog.Format("Starting", string.Join(", ", stage.Select(node => node.Name))));
                await Task.WhenAll(stage.Select(node => StartAsync(node, operation))).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One between two starts of its restart policy counts as started, and would wait the longer the more often it failed.</summary>
    private static Task StartAsync(ClientContainer node, Operation operation) => node.Detail.State == "restarting"
        ? node.Host.RestartContainerAsync(node.Detail.Id, ClientLifecycle.Grace, operation.Cancellation)
        : node.Host.StartContainerAsync(node.Detail.Id, operation.Cancellation);

    /// <summary>
    /// Waits until the API answers (where a Webapp is among the nodes) and all nodes have stayed up a moment.
    /// </summary>
    /// <exception cref="WaException">ContainerWouldNotStart with the end of its log; ClientNotAnswering.</exception>
    internal static async Task WaitAsync(WaSetup setup, IReadOnlyList<ClientContainer> nodes, string activity, TimeSpan timeout, Operation operation)
    {
        if (operation.PlanOnly)
        {
            return;
        }

        var needsApi = nodes.Any(node => node.Role == WaNodeRole.Webapp);
        var restarts = new Dictionary<string, int>(StringComparer.Ordinal);
        var begin = operation.Time.GetTimestamp();
        while (true)
        {
            var answers = !needsApi || await setup.Api(operation).IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false);
            var areUp = await AreUpAsync(nodes, restarts, operation).ConfigureAwait(false);
            var elapsed = operation.Time.GetElapsedTime(begin);
            if (answers && areUp && elapsed >= SettleTime)
            {
                return;
            }

            if (elapsed >= timeout)
            {
                throw await NotAnsweringAsync(setup, nodes, timeout, operation).ConfigureAwait(false);
            }

            Say(operation, activity, needsApi ? ContainerText.Catalog.Format("WaitingForApi", setup.ApiUri) : ContainerText.Catalog["WaitingForNodes"]);
            await operation.DelayAsync(PollInterval).ConfigureAwait(false);
        }
    }

    internal static void Say(Operation operation, string activity, string status) =>
        operation.Console.Progress(new WaProgress(activity, status));

    internal static void SayDone(Operation operation, string activity) =>
        operation.Console.Progress(new WaProgress(activity, string.Empty, IsCompleted: true));

    /// <summary>Whether all of them run. One that ended is an error.</summary>
    private static async Task<bool> AreUpAsync(IReadOnlyList<ClientContainer> nodes, Dictionary<string, int> restarts, Operation operation)
    {
        var looks = await Task.WhenAll(nodes.Select(async node =>
            (Node: node, Now: await node.Host.InspectContainerAsync(node.Detail.Id, operation.Cancellation).ConfigureAwait(false)))).ConfigureAwait(false);
        foreach (var (node, now) in looks)
        {
            if (now is null)
            {
                throw ContainerErrors.ContainerMissing.Error(node.Name, node.Host.Address);
            }

            if (now.State == "restarting")
            {
                restarts[now.Id] = restarts.TryGetValue(now.Id, out var seen) ? seen + 1 : 1;
            }

            if (now.State is "exited" or "dead" || (restarts.TryGetValue(now.Id, out var times) && times >= RestartingLimit))
            {
                throw await ContainerFailures.WouldNotStartAsync(node.Host, now, operation).ConfigureAwait(false);
            }
        }

        return looks.All(look => look.Now?.State == "running");
    }

    private static async Task<WaException> NotAnsweringAsync(WaSetup setup, IReadOnlyList<ClientContainer> nodes, TimeSpan timeout, Operation operation)
    {
        var webapp = nodes.First(node => node.Role == WaNodeRole.Webapp);
        var log = await webapp.Host.ReadLogAsync(webapp.Detail.Id, ContainerEvidence.LogLines, operation.Cancellation).ConfigureAwait(false);
        return ClientErrors.ClientNotAnswering.Error(setup.Name, null, log, setup.ApiUri, timeout.TotalSeconds, webapp.Name, webapp.Host.Address);
    }
}
