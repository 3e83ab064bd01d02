namespace WaMigration.Containers;

/// <summary>The containers of one client on all Docker hosts of its setup, as they are at one moment.</summary>
internal sealed class ClientInventory
{
    private static readonly string[] DatabaseImages = ["mysql", "mariadb", "postgres", "percona"];

    private ClientInventory(IReadOnlyList<ClientContainer> containers, IReadOnlyList<ClientContainer> databases, string project)
    {
        Containers = containers;
        Databases = databases;
        Project = project;
    }

    /// <summary>Webapps, Coreapps and Masters, running or not.</summary>
    internal IReadOnlyList<ClientContainer> Containers { get; }

    /// <summary>Database servers in containers beside it. They are shown, and never touched.</summary>
    internal IReadOnlyList<ClientContainer> Databases { get; }

    /// <summary>The compose project; empty where there is none.</summary>
    internal string Project { get; }

    internal IReadOnlyList<WaClientNode> Nodes => Containers.Concat(Databases).Select(container => container.Node).ToList();

    internal IEnumerable<ClientContainer> OfRole(WaNodeRole role) => Containers.Where(container => container.Role == role);

    /// <summary>Looks at every Docker host of the setup.</summary>
    /// <exception cref="WaException">A host cannot be reached (the nodes known to be on it are named), or several clients could be meant.</exception>
    internal static async Task<ClientInventory> ReadAsync(WaSetup setup, Operation operation)
    {
        var hosts = setup.DockerHostConnections(operation);
        var found = await Task.WhenAll(hosts.Select(host => ReadHostAsync(setup, host, operation.Cancellation))).ConfigureAwait(false);
        var everything = found.SelectMany(containers => containers).ToList();
        var chosen = await ClientChoice.ChooseAsync(
            setup,
            ClientGroups.Sort(everything.Where(container => container.Role != WaNodeRole.Database).ToList()),
            everything.Where(container => container.Role == WaNodeRole.Database).ToList(),
            operation).ConfigureAwait(false);
        if (chosen is null)
        {
            return new ClientInventory([], [], string.Empty);
        }

        var inventory = new ClientInventory(
            chosen.Containers.OrderBy(Order).ThenBy(container => container.Name, StringComparer.Ordinal).ToList(),
            everything.Where(container => container.Role == WaNodeRole.Database && IsBeside(container, chosen)).ToList(),
            chosen.Project);
        setup.SeenNodes = inventory.Nodes;
        return inventory;
    }

    /// <summary>The role by image and WA_MASTER_NODE, as the vendor's own tools tell it; null for other containers.</summary>
    internal static WaNodeRole? RoleOf(ContainerDefinition definition)
    {
        if (definition.Label(ClientVariables.HelperLabel) is not null)
        {
            return null;
        }

        var repository = ImageName.Repository(definition.Image);
        if (repository is ClientVariables.CoreappRepository or ClientVariables.WebappRepository)
        {
            // Other people have images called web, too; and an upgrade of the databases is no node of the client.
            if (!definition.Environment.Any(variable => variable.StartsWith("WA", StringComparison.Ordinal) && variable.IndexOf('=') > 0)
                || definition.Variable(ClientVariables.DatabaseUpgrade) == "1")
            {
                return null;
            }

            return repository == ClientVariables.WebappRepository
                ? WaNodeRole.Webapp
                : definition.Variable(ClientVariables.Master) == "1" ? WaNodeRole.Master : WaNodeRole.Coreapp;
        }

        return DatabaseImages.Contains(repository) ? WaNodeRole.Database : null;
    }

    private static int Order(ClientContainer container) => container.Role switch
    {
        WaNodeRole.Master => 0,
        WaNodeRole.Coreapp => 1,
        _ => 2,
    };

    private static async Task<IReadOnlyList<ClientContainer>> ReadHostAsync(WaSetup setup, IDockerHost host, CancellationToken cancellation)
    {
        try
        {
            var listed = await host.ListContainersAsync(cancellation).ConfigureAwait(false);
            var details = await Task.WhenAll(listed
                .Where(container => ImageName.IsId(container.Image) || MayMatter(container.Image))
                .Select(container => host.InspectContainerAsync(container.Id, cancellation))).ConfigureAwait(false);
            return details
                .Where(detail => detail is not null && RoleOf(detail.Definition) is not null)
                .Select(detail => new ClientContainer(RoleOf(detail!.Definition)!.Value, host, detail))
                .ToList();
        }
        catch (WaException failure) when (failure.Kind == ContainerErrors.DockerHostUnreachable)
        {
            var known = setup.SeenNodes.Where(node => node.DockerHost == host.Address).Select(node => node.Name).ToList();
            throw known.Count == 0
                ? failure
                : new WaException(failure.Kind, failure.Message, failure.Remedy, failure.Target, [ContainerText.Catalog.Format("NodesOnHost", string.Join(", ", known))], failure);
        }
    }

    private static bool MayMatter(string image)
    {
        var repository = ImageName.Repository(image);
        return repository is ClientVariables.CoreappRepository or ClientVariables.WebappRepository || DatabaseImages.Contains(repository);
    }

    /// <summary>In the same compose project, or on one of its networks under the name that the client calls its database.</summary>
    private static bool IsBeside(ClientContainer database, ClientGroup client)
    {
        if (!client.Containers.Any(container => container.Host.Address == database.Host.Address))
        {
            return false;
        }

        var definition = database.Detail.Definition;
        if (client.Project.Length > 0 && definition.Label(ClientVariables.ProjectLabel) == client.Project)
        {
            return true;
        }

        return client.Database is { } key
            && definition.Networks.Any(network =>
                client.Containers.Any(container => container.Detail.Definition.Networks.Any(own => own.Name == network.Name))
                && (string.Equals(definition.Name, key.Host, StringComparison.OrdinalIgnoreCase)
                    || network.Aliases.Contains(key.Host, StringComparer.OrdinalIgnoreCase)));
    }
}
