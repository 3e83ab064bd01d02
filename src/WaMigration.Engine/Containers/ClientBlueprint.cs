using System.Globalization;
using WaMigration.Security;

namespace WaMigration.Containers;

/// <summary>The shape of a client that is to be installed: everything known, nothing left to find out.</summary>
internal sealed record ClientShape(int Masters, int Coreapps, int Webapps, string ClientVersion, string Registry);

/// <summary>
/// The containers of a client as the vendor's multiconnect compose file makes them: images, commands, environment,
/// ports, the media volume, one network, restart policy, dropped capability, compose labels. Without Masters it is the
/// single instance of the vendor's other file.
/// </summary>
internal sealed class ClientBlueprint
{
    private const string LaunchScript = "/opt/whatsapp/bin/launch_within_docker.sh";
    private const string WaitForPostgres = "/opt/whatsapp/bin/wait_on_postgres.sh";
    private const string WaitForMySql = "/opt/whatsapp/bin/wait_on_mysql.sh";
    private const string MediaVolume = "whatsappMedia";
    private const string MediaFolder = "/usr/local/wamedia";
    private const string Network = "default";
    private const string MySqlIdleTimeout = "180000";

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

    /// <summary>Every node: Masters, then Coreapps, then Webapps.</summary>
    internal IReadOnlyList<(WaNodeRole Role, ContainerDefinition Definition)> Nodes()
    {
        var nodes = new List<(WaNodeRole, ContainerDefinition)>();
        nodes.AddRange(Numbers(shape.Masters).Select(number => (WaNodeRole.Master, Core("master", number, isMaster: true))));
        nodes.AddRange(Numbers(shape.Coreapps).Select(number => (WaNodeRole.Coreapp, Core("wacore", number, isMaster: false))));
        nodes.AddRange(Numbers(shape.Webapps).Select(number => (WaNodeRole.Webapp, Web(number))));
        return nodes;
    }

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(1, count);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private ContainerDefinition Core(string service, int number, bool isMaster)
    {
        var environment = DatabaseVariables();
        if (IsMulticonnect)
        {
            environment.Add(ClientVariables.Multiconnect + "=1");
            if (isMaster)
            {
                environment.Add(ClientVariables.Master + "=1");
            }

            // The name under which the others reach this node; it is written into the cluster's store.
            environment.Add(ClientVariables.CoreappHostname + "=" + service + Text(number));
        }

        return Node(service, number, CoreappImage, environment, []);
    }

    private ContainerDefinition Web(int number)
    {
        var environment = DatabaseVariables();
        environment.Add(IsMulticonnect ? ClientVariables.Multiconnect + "=1" : ClientVariables.SingleCoreapp + "=wacore1");
        if (IsMulticonnect)
        {
            environment.Add(ClientVariables.WebappHostname + "=waweb" + Text(number));
        }

        if (options.ApiKey is { } key)
        {
            environment.Add(ClientVariables.ApiKey + "=" + key.Reveal());
        }

        var port = (options.PublishPort ?? setup.ApiUri.Port) + number - 1;
        return Node("waweb", number, WebappImage, environment, [new PortPublication(ClientVariables.ApiPort, "tcp", string.Empty, port)]);
    }

    private ContainerDefinition Node(string service, int number, string image, List<string> environment, IReadOnlyList<PortPublication> ports)
    {
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
}
