namespace WaMigration.Containers;

/// <summary>
/// Installs a client: what the vendor's compose files create, on the setup's Docker hosts, against its database server.
/// Run again after an interruption it keeps what is there and goes on.
/// </summary>
internal static class ClientInstaller
{
    /// <summary>What a deployment may have as shards, by the vendor.</summary>
    private static readonly int[] PossibleShards = [1, 2, 4, 8, 16, 32];

    internal static async Task<IReadOnlyList<WaClientNode>> RunAsync(WaSetup setup, InstallOptions options, Operation operation)
    {
        var hosts = setup.DockerHostConnections(operation);
        if (hosts.Count == 0)
        {
            throw ClientErrors.NoDockerHost.Error(setup.Name);
        }

        if (setup.Database is not { Engine: not WaDatabaseEngine.Unknown } database)
        {
            throw ClientErrors.DatabaseServerUnknown.Error(setup.Name);
        }

        var shape = await ShapeAsync(setup, options, operation).ConfigureAwait(false);
        var placed = PlacedHost.Resolve(setup, shape, options.Placement, hosts);
        var blueprint = new ClientBlueprint(setup, shape, database, options);
        var wanted = blueprint.Nodes(placed);
        var activity = ContainerText.Catalog.Format("Installing", setup.Name);
        try
        {
            await RequireNoOtherAsync(setup, wanted, operation).ConfigureAwait(false);
            var existing = await ExistingAsync(wanted, operation).ConfigureAwait(false);
            if (await RequireMayServeAsync(setup, existing, wanted.Count, options, operation).ConfigureAwait(false))
            {
                wanted = wanted.Select(node => node with { Definition = ClientBlueprint.MarkFresh(node.Definition) }).ToList();
            }

            operation.Note(
                setup,
                JournalKinds.Installing,
                ("project", blueprint.Project),
                ("version", shape.ClientVersion),
                ("nodes", string.Join(", ", wanted.Select(node => node.Definition.Name))),
                ("dockerHost", string.Join(", ", placed.Select(one => one.Host.Address))));
            foreach (var host in placed.Select(one => one.Host))
            {
                await EnsureImagesAsync(host, [blueprint.CoreappImage, blueprint.WebappImage], options.ImagePaths, activity, operation).ConfigureAwait(false);
                await host.EnsureNetworkAsync(blueprint.NetworkName, blueprint.NetworkLabels, operation.Cancellation).ConfigureAwait(false);
                await host.EnsureVolumeAsync(blueprint.VolumeName, blueprint.VolumeLabels, operation.Cancellation).ConfigureAwait(false);
            }

            var nodes = await CreateAsync(wanted, existing, operation).ConfigureAwait(false);
            return await StartAsync(setup, nodes, shape, activity, options, operation).ConfigureAwait(false);
        }
        finally
        {
            NodeStarter.SayDone(operation, activity);
        }
    }

    private static async Task<ClientShape> ShapeAsync(WaSetup setup, InstallOptions options, Operation operation)
    {
        var like = options.Like is null ? null : await TopologyReader.ReadAsync(options.Like, operation).ConfigureAwait(false);
        var target = options.Like?.Name ?? setup.Name;
        var unknown = new[]
        {
            (Name: "Masters", IsKnown: (options.Masters ?? like?.Masters) is not null),
            (Name: "Coreapps", IsKnown: (options.Coreapps ?? like?.Coreapps) is not null),
            (Name: "ClientVersion", IsKnown: (options.ClientVersion ?? like?.ClientVersion) is not null),
        }.Where(item => !item.IsKnown).Select(item => item.Name).ToList();
        if (unknown.Count > 0)
        {
            throw ClientErrors.TopologyUnreadable.Error(target, string.Join(", ", unknown));
        }

        var shape = new ClientShape(
            (options.Masters ?? like?.Masters)!.Value,
            (options.Coreapps ?? like?.Coreapps)!.Value,
            options.Webapps ?? like?.Webapps ?? 1,
            (options.ClientVersion ?? like?.ClientVersion)!.TrimStart('v', 'V'),
            options.Registry ?? RegistryOf(like) ?? InstallOptions.VendorRegistry);
        RequirePossible(setup, shape, options.Shards ?? like?.Shards);
        return options is { CarryKeys: true, Like: { } other } ? await WithKeysAsync(shape, other, operation).ConfigureAwait(false) : shape;
    }

    /// <summary>Whether all nodes of the other client have the same keys is a check's to say.</summary>
    private static async Task<ClientShape> WithKeysAsync(ClientShape shape, WaSetup like, Operation operation)
    {
        var nodes = (await ClientInventory.ReadAsync(like, operation).ConfigureAwait(false)).Containers;
        string? Find(string variable) => nodes
            .Where(node => node.Role == WaNodeRole.Webapp)
            .Select(node => node.Detail.Definition.Variable(variable))
            .FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return shape with { TokenKey = Find(ClientVariables.TokenKey), PayloadSecret = Find(ClientVariables.PayloadSecret) };
    }

    private static string? RegistryOf(WaTopology? like)
    {
        var name = like?.Nodes.Where(node => node.Role == WaNodeRole.Coreapp).Select(node => ImageName.Split(node.Image).Name).FirstOrDefault();
        return name is not null && name.LastIndexOf('/') is > 0 and var slash ? name.Substring(0, slash) : null;
    }

    private static void RequirePossible(WaSetup setup, ClientShape shape, int? shards)
    {
        var text = ContainerText.Catalog;
        var reason = shape switch
        {
            { Coreapps: < 1 } => text["NoCoreapp"],
            { Webapps: < 1 } => text["NoWebapp"],
            { Masters: 0, Coreapps: > 1 } => text["NoMaster"],
            _ when shards is { } count && !PossibleShards.Contains(count) => text.Format("NoSuchShards", count),
            _ when shards is { } count && shape.Coreapps < count => text.Format("TooFewCoreapps", shape.Coreapps, count),
            _ => null,
        };
        if (reason is not null)
        {
            throw ClientErrors.TopologyImpossible.Error(setup.Name, reason);
        }
    }

    /// <summary>A client that serves under other names must not get a second one beside it.</summary>
    private static async Task RequireNoOtherAsync(WaSetup setup, IReadOnlyList<PlannedNode> wanted, Operation operation)
    {
        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        var places = new HashSet<(Uri, string)>(wanted.Select(node => (node.Host.Address, node.Definition.Name)));
        var others = inventory.Containers
            .Where(container => !places.Contains((container.Host.Address, container.Name)))
            .Select(container => container.Name)
            .ToList();
        if (others.Count > 0)
        {
            throw ClientErrors.ClientInstalledAlready.Error(setup.Name, string.Join(", ", others));
        }
    }

    /// <summary>What is there of it from an earlier run, by name. A container of that name that is another one is an error.</summary>
    private static async Task<Dictionary<string, ContainerDetail>> ExistingAsync(IReadOnlyList<PlannedNode> wanted, Operation operation)
    {
        var existing = new Dictionary<string, ContainerDetail>(StringComparer.Ordinal);
        foreach (var (_, host, definition) in wanted)
        {
            if (await host.InspectContainerAsync(definition.Name, operation.Cancellation).ConfigureAwait(false) is not { } found)
            {
                continue;
            }

            var differences = DefinitionComparison.Differences(definition, found.Definition);
            if (differences.Count > 0)
            {
                throw ContainerErrors.ContainerNameTaken.Error(
                    definition.Name, host.Address, ContainerText.Catalog.Format("DiffersIn", string.Join(", ", differences)));
            }

            existing[definition.Name] = found;
        }

        return existing;
    }

    /// <summary>
    /// Keeps two clients of one number apart. Outside a migration nothing is journalled, so that the databases were
    /// proved fresh before the first container is written on the containers themselves; it holds until the first Webapp
    /// has run, through which alone a registration could have come.
    /// </summary>
    /// <returns>Whether the databases were proved fresh just now.</returns>
    private static async Task<bool> RequireMayServeAsync(
        WaSetup setup, Dictionary<string, ContainerDetail> known, int wanted, InstallOptions options, Operation operation)
    {
        var existing = known.Values.ToList();
        if (options.NoStart || (existing.Count == wanted && existing.TrueForAll(node => node.State == "running")))
        {
            return false;
        }

        if (existing.Exists(node => node.Definition.Label(ClientVariables.FreshLabel) is not null)
            && existing.TrueForAll(node => ClientInventory.RoleOf(node.Definition) != WaNodeRole.Webapp || node.State == "created"))
        {
            return false;
        }

        var isFresh = existing.Count == 0 && await RegistrationGuard.AreFreshAsync(setup, operation).ConfigureAwait(false);
        await RegistrationGuard.RequireMayServeAsync(setup, options.Source ?? setup.Counterpart, options.SourceStopped, operation).ConfigureAwait(false);
        return isFresh;
    }

    /// <summary>From files where there are any, else from the registry.</summary>
    private static async Task EnsureImagesAsync(IDockerHost host, IReadOnlyList<string> images, IReadOnlyList<string> files, string activity, Operation operation)
    {
        var missing = await MissingAsync(host, images, operation).ConfigureAwait(false);
        if (missing.Count > 0 && files.Count > 0)
        {
            foreach (var file in files)
            {
                await host.LoadImagesAsync(file, Progress(file), operation.Cancellation).ConfigureAwait(false);
            }

            missing = operation.PlanOnly ? [] : await MissingAsync(host, images, operation).ConfigureAwait(false);
            if (missing.Count > 0)
            {
                throw ContainerErrors.ImageFileUnusable.Error(
                    string.Join(", ", files), host.Address, ContainerText.Catalog.Format("NotInFile", string.Join(", ", missing)));
            }
        }

        foreach (var image in missing)
        {
            await host.PullImageAsync(image, Progress(image), operation.Cancellation).ConfigureAwait(false);
        }

        PullProgress Progress(string what) =>
            new(text => NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Pulling", what, host.Address, text)));
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(IDockerHost host, IReadOnlyList<string> images, Operation operation)
    {
        var missing = new List<string>();
        foreach (var image in images)
        {
            if (!await host.HasImageAsync(image, operation.Cancellation).ConfigureAwait(false))
            {
                missing.Add(image);
            }
        }

        return missing;
    }

    private static async Task<IReadOnlyList<ClientContainer>> CreateAsync(
        IReadOnlyList<PlannedNode> wanted,
        Dictionary<string, ContainerDetail> existing,
        Operation operation)
    {
        var nodes = new List<ClientContainer>();
        foreach (var (role, host, definition) in wanted)
        {
            if (existing.TryGetValue(definition.Name, out var found))
            {
                operation.Console.Verbose(ContainerText.Catalog.Format("Kept", definition.Name, host.Address));
                await SetPolicyBackAsync(host, definition, found, operation).ConfigureAwait(false);
                nodes.Add(new ClientContainer(role, host, found));
                continue;
            }

            var id = await host.CreateContainerAsync(definition, operation.Cancellation).ConfigureAwait(false);
            operation.Console.Verbose(ContainerText.Catalog.Format("Created", definition.Name, host.Address));
            nodes.Add(new ClientContainer(role, host, ContainerDetail.Created(id, definition)));
        }

        return nodes;
    }

    private static async Task SetPolicyBackAsync(IDockerHost host, ContainerDefinition wanted, ContainerDetail found, Operation operation)
    {
        if (found.Definition.RestartPolicy != wanted.RestartPolicy)
        {
            await host.SetRestartPolicyAsync(found.Id, wanted.RestartPolicy, operation.Cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<WaClientNode>> StartAsync(
        WaSetup setup, IReadOnlyList<ClientContainer> nodes, ClientShape shape, string activity, InstallOptions options, Operation operation)
    {
        IReadOnlyList<string> pins = [];
        if (!options.NoStart)
        {
            // Written ahead: on copied databases it is the start that makes a second client of the number.
            operation.Note(setup, JournalKinds.ClientStarting, ("nodes", string.Join(", ", nodes.Select(node => node.Name))));
            await NodeStarter.StartAsync(nodes, activity, operation).ConfigureAwait(false);
            await NodeStarter.WaitAsync(setup, nodes, activity, options.Timeout, operation).ConfigureAwait(false);
        }

        if (operation.PlanOnly)
        {
            return nodes.Select(node => node.Node).ToList();
        }

        if (!options.NoStart)
        {
            pins = await WebappCertificate.PinAsync(setup, nodes.Where(node => node.Role == WaNodeRole.Webapp).ToList(), operation).ConfigureAwait(false);
        }

        setup.ClientVersion = shape.ClientVersion;
        setup.State = options.NoStart ? WaSetupState.Stopped : WaSetupState.Running;
        operation.Note(setup, JournalKinds.Installed, ("started", options.NoStart ? "false" : "true"), ("thumbprints", string.Join(",", pins)));
        return (await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false)).Nodes;
    }
}
