using System.Globalization;
using WaMigration.Security;

namespace WaMigration.Containers;

/// <summary>The shape of a client that is to be installed: everything known, nothing left to find out.</summary>
internal sealed record ClientShape(int Masters, int Coreapps, int Webapps, string ClientVersion, string Registry)
{
    /// <summary>The key that Webapps sign tokens with, taken over from another client; null where there is none to take over.</summary>
    internal string? TokenKey { get; init; }

    /// <summary>What Webapps and Coreapps encrypt their talk with, likewise.</summary>
    internal string? PayloadSecret { get; init; }
}

/// <summary>A container that is to be made, and where.</summary>
internal sealed record PlannedNode(WaNodeRole Role, IDockerHost Host, ContainerDefinition Definition);

/// <summary>
/// The containers of a client as the vendor's multiconnect compose file makes them: images, commands, environment,
/// ports, the media volume, one network, restart policy, dropped capability, compose labels. Without Masters it is the
/// single instance of the vendor's other file. On several hosts every node has its host's name and ports of its own there.
/// </summary>
internal sealed class ClientBlueprint
{
    private const string LaunchScript = "/opt/whatsapp/bin/launch_within_docker.sh";
    private const string WaitForPostgres = "/opt/whatsapp/bin/wait_on_postgres.sh";
    private const string WaitForMySql = "/opt/whatsapp/bin/wait_on_mysql.sh";
    internal const string MediaVolume = "whatsappMedia";
    private const string MediaFolder = "/usr/local/wamedia";
    private const string Network = "default";
    private const string MySqlIdleTimeout = "180000";

    /// <summary>What Coreapps and Masters listen on; on a host the first Coreapp has these ports, its Master the next four.</summary>
    private const int CorePort = 6250;
    private const int CorePortCount = 4;

    /// <summary>The release of the vendor's compose files that this follows.</summary>
    private const string ComposeRelease = "v2.2.3";

    private readonly ClientShape shape;
    private readonly WaDatabaseServer database;
    private readonly InstallOptions options;
    private readonly WaSetup setup;

    internal ClientBlueprint(WaSetup setup, ClientShape shape, WaDatabaseServer database, InstallOptions options)
    {
        this.setup = setup;
        this.shape = shape;
        this.database = database;
        this.options = options;
        Project = options.Project ?? ProjectOf(setup.Name);
    }

    internal string Project { get; }

    internal string NetworkName => Project + "_" + Network;

    internal string VolumeName => Project + "_" + MediaVolume;

    internal IReadOnlyDictionary<string, string> NetworkLabels => Labels(ClientVariables.NetworkLabel, Network);

    internal IReadOnlyDictionary<string, string> VolumeLabels => Labels(ClientVariables.VolumeLabel, MediaVolume);

    internal string CoreappImage => $"{shape.Registry}/{ClientVariables.CoreappRepository}:v{shape.ClientVersion}";

    internal string WebappImage => $"{shape.Registry}/{ClientVariables.WebappRepository}:v{shape.ClientVersion}";

    private bool IsMulticonnect => shape.Masters > 0;

    /// <summary>A compose project takes small letters, digits, dashes and underscores.</summary>
    internal static string ProjectOf(string setupName)
    {
        var clean = new string(setupName.ToLowerInvariant().Select(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' ? letter : '-').ToArray()).Trim('-', '_');
        return clean.Length == 0 ? "wa" : clean;
    }

    /// <summary>The same with a note that its databases were proved fresh before it was made.</summary>
    internal static ContainerDefinition MarkFresh(ContainerDefinition definition)
    {
        var labels = definition.Labels.ToDictionary(label => label.Key, label => label.Value);
        labels[ClientVariables.FreshLabel] = "true";
        return definition with { Labels = labels };
    }

    /// <summary>Every node: Masters, then Coreapps, then Webapps, each numbered through over the hosts.</summary>
    internal IReadOnlyList<PlannedNode> Nodes(IReadOnlyList<PlacedHost> hosts)
    {
        var nodes = new List<PlannedNode>();
        var slots = hosts.ToDictionary(host => host, _ => new PortSlots());
        void Add(WaNodeRole role, Func<PlacedHost, int> count, Func<PlacedHost, int, ContainerDefinition> make)
        {
            var numbered = hosts.SelectMany(host => Enumerable.Repeat(host, count(host)));
            nodes.AddRange(numbered.Select((host, index) => new PlannedNode(role, host.Host, make(host, index + 1))));
        }

        Add(WaNodeRole.Master, host => host.Masters, (host, number) => Core("master", number, host, slots[host].NextMaster()));
        Add(WaNodeRole.Coreapp, host => host.Coreapps, (host, number) => Core("wacore", number, host, slots[host].NextCoreapp()));
        Add(WaNodeRole.Webapp, host => host.Webapps, (host, number) => Web(number, host, slots[host].NextWebapp()));
        return nodes;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ContainerDefinition Core(string service, int number, PlacedHost host, int slot)
    {
        var environment = DatabaseVariables();
        IReadOnlyList<PortPublication> ports = [];
        if (IsMulticonnect)
        {
            environment.Add(ClientVariables.Multiconnect + "=1");
            if (service == "master")
            {
                environment.Add(ClientVariables.Master + "=1");
            }

            if (host.ExternalName is not null)
            {
                ports = Enumerable.Range(0, CorePortCount)
                    .Select(offset => new PortPublication(CorePort + offset, "tcp", string.Empty, CorePort + (slot * CorePortCount) + offset))
                    .ToList();
                environment.Add(ClientVariables.CoreappPorts + "=" + string.Join(",", ports.Select(port => Text(port.HostPort))));
            }

            // The name under which the others reach this node; it is written into the cluster's store.
            environment.Add(ClientVariables.CoreappHostname + "=" + (host.ExternalName ?? service + Text(number)));
        }

        return Node(service, number, CoreappImage, environment, ports);
    }

    private ContainerDefinition Web(int number, PlacedHost host, int slot)
    {
        var environment = DatabaseVariables();
        var port = (options.PublishPort ?? setup.ApiUri.Port) + slot;
        environment.Add(IsMulticonnect ? ClientVariables.Multiconnect + "=1" : ClientVariables.SingleCoreapp + "=wacore1");
        if (IsMulticonnect)
        {
            environment.Add(ClientVariables.WebappHostname + "=" + (host.ExternalName ?? "waweb" + Text(number)));
            if (host.ExternalName is not null)
            {
                environment.Add(ClientVariables.WebappPorts + "=" + Text(port));
            }
        }

        if (options.ApiKey is { } key)
        {
            environment.Add(ClientVariables.ApiKey + "=" + key.Reveal());
        }

        if (shape.TokenKey is { } tokens)
        {
            environment.Add(ClientVariables.TokenKey + "=" + tokens);
        }

        return Node("waweb", number, WebappImage, environment, [new PortPublication(ClientVariables.ApiPort, "tcp", string.Empty, port)]);
    }

    private ContainerDefinition Node(string service, int number, string image, List<string> environment, IReadOnlyList<PortPublication> ports)
    {
        if (shape.PayloadSecret is { } secret)
        {
            environment.Add(ClientVariables.PayloadSecret + "=" + secret);
        }

        environment.Add(ClientVariables.RunningVersion + "=" + ComposeRelease);
        environment.Add(ClientVariables.Orchestration + "=DOCKER-COMPOSE");
        var labels = Labels(ClientVariables.ServiceLabel, service);
        labels[ClientVariables.NumberLabel] = Text(number);
        labels[ClientVariables.OneOffLabel] = "False";
        labels[ClientVariables.ApiLabel] = ClientChoice.LabelOf(setup);
        return new ContainerDefinition
        {
            Name = $"{Project}-{service}-{Text(number)}",
            Image = image,
            Command = [database.Engine == WaDatabaseEngine.PostgreSql ? WaitForPostgres : WaitForMySql, LaunchScript],
            Environment = environment,
            Labels = labels,
            Ports = ports,
            Mounts = [new ContainerMount("volume", VolumeName, MediaFolder, ReadOnly: false)],
            Networks = [new NetworkAttachment(NetworkName, [service, service + Text(number)])],
            NetworkMode = NetworkName,
            RestartPolicy = "unless-stopped",
            CapDrop = ["MKNOD"],
        };
    }

    private List<string> DatabaseVariables()
    {
        var variables = new List<string>
        {
            ClientVariables.DatabaseEngine + "=" + (database.Engine == WaDatabaseEngine.PostgreSql ? ClientVariables.PostgresEngine : ClientVariables.MySqlEngine),
            ClientVariables.DatabaseHost + "=" + (options.DatabaseHost ?? database.ClientHost),
            ClientVariables.DatabasePort + "=" + Text(options.DatabasePort ?? database.ClientPort),
            ClientVariables.DatabaseUser + "=" + database.UserName,
            ClientVariables.DatabasePassword + "=" + database.Password.Reveal(),
        };
        if (database.NamePrefix.Length > 0)
        {
            variables.Add(ClientVariables.DatabasePrefix + "=" + database.NamePrefix);
        }

        if (database.Engine != WaDatabaseEngine.PostgreSql)
        {
            variables.Add(ClientVariables.DatabaseIdleTimeout + "=" + MySqlIdleTimeout);
        }

        return variables;
    }

    private Dictionary<string, string> Labels(string name, string value) => new()
    {
        [ClientVariables.ProjectLabel] = Project,
        [name] = value,
    };

    /// <summary>Who gets which ports of a host: the vendor's first Coreapp and first Master, then whoever comes.</summary>
    private sealed class PortSlots
    {
        private int coreapps;
        private int masters;
        private int others = 2;
        private int webapps;

        internal int NextCoreapp() => coreapps++ == 0 ? 0 : others++;

        internal int NextMaster() => masters++ == 0 ? 1 : others++;

        internal int NextWebapp() => webapps++;
    }
}
