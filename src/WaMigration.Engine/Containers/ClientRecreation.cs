using System.Security;
using WaMigration.Setups;

namespace WaMigration.Containers;

/// <summary>
/// Makes the containers of a client again, exactly as they were saved before they were removed: same names, images by
/// name and id, variables, ports, volumes, networks with aliases, restart policies. Those that are there are kept, and
/// must be as saved. Run again after an interruption it goes on.
/// </summary>
internal sealed class ClientRecreation
{
    private readonly WaSetup setup;
    private readonly SourceClient saved;
    private readonly RecreateOptions options;
    private readonly Operation operation;
    private readonly string activity;

    private ClientRecreation(WaSetup setup, SourceClient saved, RecreateOptions options, Operation operation)
    {
        this.setup = setup;
        this.saved = saved;
        this.options = options;
        this.operation = operation;
        activity = ContainerText.Catalog.Format("Recreating", setup.Name);
    }

    /// <summary>Opens a file of saved definitions.</summary>
    /// <exception cref="WaException">DefinitionsMissing, DefinitionsUnreadable.</exception>
    internal static async Task<SourceClient> OpenAsync(string path, SecureString password, Operation operation)
    {
        if (!File.Exists(path))
        {
            throw ClientErrors.DefinitionsMissing.Error(path);
        }

        // The key takes a noticeable time to derive by design; never on a caller's thread.
        return await Task.Run(() => SourceClientFile.Read(path, password), operation.Cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks whether the containers could be made again now, and changes nothing: Docker hosts known, what is there as
    /// saved, images that are there the saved ones. The database server is remembered as the saved variables name it.
    /// </summary>
    /// <exception cref="WaException">DefinitionsHostUnknown, ContainerNameTaken, ImageChanged, those of a Docker host.</exception>
    internal static async Task CheckAsync(WaSetup setup, SourceClient saved, Operation operation)
    {
        await new ClientRecreation(setup, saved, new RecreateOptions(), operation).LookAsync().ConfigureAwait(false);
        RememberDatabase(setup, saved, operation);
    }

    internal static async Task<IReadOnlyList<WaClientNode>> RunAsync(
        WaSetup setup, string path, SecureString password, RecreateOptions options, Operation operation)
    {
        var saved = await OpenAsync(path, password, operation).ConfigureAwait(false);
        var recreation = new ClientRecreation(setup, saved, options, operation);
        try
        {
            return await recreation.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            NodeStarter.SayDone(operation, recreation.activity);
        }
    }

    private async Task<IReadOnlyList<WaClientNode>> RunAsync()
    {
        var nodes = await LookAsync().ConfigureAwait(false);
        await RequireNoOtherAsync().ConfigureAwait(false);
        RememberDatabase(setup, saved, operation);
        var wanted = nodes.Where(node => node.IsToRun).ToList();
        if (!options.NoStart && wanted.Exists(node => node.There is not { State: "running" }))
        {
            await RegistrationGuard.RequireMayServeAsync(setup, options.Source ?? setup.Counterpart, options.SourceStopped, operation).ConfigureAwait(false);
        }

        operation.Note(setup, JournalKinds.ClientRecreating, ("nodes", string.Join(", ", nodes.Select(node => node.Saved.Definition.Name))));
        await EnsureSurroundingsAsync(nodes).ConfigureAwait(false);
        var made = new List<ClientContainer>();
        foreach (var node in nodes)
        {
            made.Add(await MakeAsync(node).ConfigureAwait(false));
        }

        if (options.NoStart)
        {
            return await EndAsync(made, WaSetupState.Stopped, []).ConfigureAwait(false);
        }

        var names = new HashSet<string>(wanted.Select(node => node.Saved.Definition.Name), StringComparer.Ordinal);
        var started = made.Where(node => names.Contains(node.Name)).ToList();
        operation.Note(setup, JournalKinds.ClientStarting, ("nodes", string.Join(", ", started.Select(node => node.Name))));
        await NodeStarter.StartAsync(started, activity, operation).ConfigureAwait(false);

        // A new container's Webapp may have made itself a new certificate.
        await NodeStarter.WaitAsync(setup, started, activity, options.Timeout, operation).ConfigureAwait(false);
        var pins = operation.PlanOnly
            ? []
            : await WebappCertificate.PinAsync(setup, started.Where(node => node.Role == WaNodeRole.Webapp).ToList(), operation).ConfigureAwait(false);
        return await EndAsync(made, WaSetupState.Running, pins).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<WaClientNode>> EndAsync(IReadOnlyList<ClientContainer> nodes, WaSetupState state, IReadOnlyList<string> pins)
    {
        if (operation.PlanOnly)
        {
            return nodes.Select(node => node.Node).ToList();
        }

        setup.State = state;
        operation.Note(setup, JournalKinds.ClientRecreated, ("started", options.NoStart ? "false" : "true"), ("thumbprints", string.Join(",", pins)));
        return (await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false)).Nodes;
    }

    /// <summary>What is there of it; what is there under a saved name and is another one is an error.</summary>
    private async Task<IReadOnlyList<SavedNode>> LookAsync()
    {
        var hosts = setup.DockerHostConnections(operation);
        if (hosts.Count == 0)
        {
            throw ClientErrors.NoDockerHost.Error(setup.Name);
        }

        // Nodes that stood still when they were saved stay so, unless all of them did.
        var anyRan = saved.Containers.Any(container => container.WasRunning);
        var nodes = await Task.WhenAll(saved.Containers.Select(async container =>
        {
            var host = HostOf(container, hosts);
            var there = await host.InspectContainerAsync(container.Definition.Name, operation.Cancellation).ConfigureAwait(false);
            return new SavedNode(container, host, there, container.WasRunning || !anyRan);
        })).ConfigureAwait(false);
        foreach (var node in nodes)
        {
            RequireAsSaved(node);
            await RequireImageAsync(node).ConfigureAwait(false);
        }

        return nodes;
    }

    private IDockerHost HostOf(SourceContainer container, IReadOnlyList<IDockerHost> hosts)
    {
        if (hosts.FirstOrDefault(host => host.Address.ToString() == container.DockerHost) is { } same)
        {
            return same;
        }

        // One host may be called by several addresses; with several hosts nobody can tell which is meant.
        return hosts.Count == 1 && saved.Containers.Select(other => other.DockerHost).Distinct(StringComparer.Ordinal).Count() == 1
            ? hosts[0]
            : throw ClientErrors.DefinitionsHostUnknown.Error(container.Definition.Name, container.DockerHost, setup.Name, string.Join(", ", setup.DockerHosts));
    }

    private static void RequireAsSaved(SavedNode node)
    {
        var differences = node.There is null ? [] : node.Saved.Differences(node.There.Definition);
        if (differences.Count > 0)
        {
            throw ContainerErrors.ContainerNameTaken.Error(
                node.Saved.Definition.Name, node.Host.Address, ContainerText.Catalog.Format("DiffersIn", string.Join(", ", differences)));
        }
    }

    /// <summary>An image that is not there is pulled later; another one under the same name is another client.</summary>
    private async Task RequireImageAsync(SavedNode node)
    {
        var definition = node.Saved.Definition;
        if (node.There is null
            && definition.ImageId.Length > 0
            && await node.Host.FindImageAsync(definition.Image, operation.Cancellation).ConfigureAwait(false) is { } now
            && now != definition.ImageId)
        {
            throw ContainerErrors.ImageChanged.Error(definition.Image, node.Host.Address, now, definition.ImageId);
        }
    }

    /// <summary>A client that was set up in its place meanwhile must not get a second one beside it.</summary>
    private async Task RequireNoOtherAsync()
    {
        var names = new HashSet<string>(saved.Containers.Select(container => container.Definition.Name), StringComparer.Ordinal);
        var others = (await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false)).Containers
            .Where(container => !names.Contains(container.Name))
            .Select(container => container.Name)
            .ToList();
        if (others.Count > 0)
        {
            throw ClientErrors.ClientInstalledAlready.Error(setup.Name, string.Join(", ", others));
        }
    }

    /// <summary>Images, networks and volumes. A removal leaves them; what somebody cleaned up since is made again.</summary>
    private async Task EnsureSurroundingsAsync(IReadOnlyList<SavedNode> nodes)
    {
        foreach (var host in nodes.Where(node => node.There is null).GroupBy(node => node.Host))
        {
            foreach (var image in host.GroupBy(node => node.Saved.Definition.Image, StringComparer.Ordinal))
            {
                await EnsureImageAsync(host.Key, image.First()).ConfigureAwait(false);
            }

            var labels = host.Select(node => node.Saved.Definition.Label(ClientVariables.ProjectLabel)).FirstOrDefault(project => project is not null) is { } name
                ? new Dictionary<string, string> { [ClientVariables.ProjectLabel] = name }
                : [];
            foreach (var network in host.SelectMany(node => node.Saved.Definition.Networks).Select(network => network.Name).Where(IsUsers).Distinct(StringComparer.Ordinal))
            {
                await host.Key.EnsureNetworkAsync(network, labels, operation.Cancellation).ConfigureAwait(false);
            }

            foreach (var volume in host.SelectMany(node => node.Saved.Definition.Mounts).Where(mount => mount.Type == "volume").Select(mount => mount.Source).Distinct(StringComparer.Ordinal))
            {
                await host.Key.EnsureVolumeAsync(volume, labels, operation.Cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Not one of the engine's own, nor another container's.</summary>
    private static bool IsUsers(string network) =>
        network is not ("bridge" or "host" or "none" or "default") && !network.StartsWith("container:", StringComparison.Ordinal);

    private async Task EnsureImageAsync(IDockerHost host, SavedNode node)
    {
        var image = node.Saved.Definition.Image;
        if (await host.FindImageAsync(image, operation.Cancellation).ConfigureAwait(false) is not null)
        {
            return;
        }

        var progress = new PullProgress(text => NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Pulling", image, host.Address, text)));
        await host.PullImageAsync(image, progress, operation.Cancellation).ConfigureAwait(false);
        await RequireImageAsync(node).ConfigureAwait(false);
    }

    private async Task<ClientContainer> MakeAsync(SavedNode node)
    {
        var definition = node.Saved.Definition;
        if (node.There is not { } there)
        {
            NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Creating", definition.Name));
            var id = await node.Host.CreateContainerAsync(definition, operation.Cancellation).ConfigureAwait(false);
            operation.Console.Verbose(ContainerText.Catalog.Format("Created", definition.Name, node.Host.Address));
            return new ClientContainer(node.Saved.Role, node.Host, ContainerDetail.Created(id, definition));
        }

        operation.Console.Verbose(ContainerText.Catalog.Format("Kept", definition.Name, node.Host.Address));
        if (there.Definition.RestartPolicy != definition.RestartPolicy)
        {
            await node.Host.SetRestartPolicyAsync(there.Id, definition.RestartPolicy, operation.Cancellation).ConfigureAwait(false);
        }

        return new ClientContainer(node.Saved.Role, node.Host, there);
    }

    /// <summary>Of containers that are gone the database cannot be found out any more, but for this.</summary>
    private static void RememberDatabase(WaSetup setup, SourceClient saved, Operation operation)
    {
        if (setup.Database is not null)
        {
            return;
        }

        var hosts = setup.DockerHostConnections(operation);
        var containers = saved.Containers.Select(container => new ClientContainer(
            container.Role,
            hosts.FirstOrDefault(host => host.Address.ToString() == container.DockerHost) ?? hosts[0],
            ContainerDetail.Created(container.Definition.Name, container.Definition))).ToList();
        if (DatabaseDiscovery.Find(containers, []) is { } found)
        {
            setup.Database = found;
            setup.IsDatabaseFound = true;
        }
    }

    /// <summary>A saved container, and what there is of it now.</summary>
    private sealed record SavedNode(SourceContainer Saved, IDockerHost Host, ContainerDetail? There, bool IsToRun);
}
