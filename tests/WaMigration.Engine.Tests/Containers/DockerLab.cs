using WaLab.Net;
using WaMigration.Containers;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>An embedded Docker host with quiet nodes, and setups on it whose API is scripted.</summary>
internal sealed class DockerLab : IAsyncDisposable
{
    internal const string Version = "2.53.1";
    internal const string Password = "pa$$word-of-the-database";

    private readonly TemporaryFolder folder = new();
    private readonly LabPorts ports = new();

    private DockerLab(EmbeddedDockerHost host, IDockerHost docker)
    {
        Host = host;
        Docker = docker;
    }

    internal EmbeddedDockerHost Host { get; }

    internal IDockerHost Docker { get; }

    internal RecordingConsole Console { get; } = new();

    /// <summary>Waits pass twenty times as fast.</summary>
    internal Operation Operation => Console.Operation(time: new ScaledTime(20));

    internal string File(string name) => folder.File(name);

    internal int Port() => ports.Reserve();

    internal static async Task<DockerLab> StartAsync(string registry = DockerImage.VendorRegistry)
    {
        // The path of a unix socket may have about a hundred characters.
        var socket = Path.Combine(Path.GetTempPath(), "wa" + Guid.NewGuid().ToString("N")[..8] + ".sock");
        var host = await EmbeddedDockerHost.StartAsync(
            new EmbeddedDockerHostOptions
            {
                UnixSocket = socket,
                NodeFactory = (spec, _, _, log, files) => new QuietNode(spec, log, files),
            },
            TestContext.Current.CancellationToken);
        foreach (var image in DockerImage.Vendor(Version, new DateOnly(2027, 1, 31), new Dictionary<string, string> { ["WA_SIM_SCALE"] = "0.02" }))
        {
            host.Images.Add(image with { Repository = image.Repository.Replace(DockerImage.VendorRegistry, registry, StringComparison.Ordinal) });
        }

        return new DockerLab(host, DockerHosts.Connect(host.Address, null, TimeSpan.FromSeconds(30)));
    }

    /// <summary>A setup on this host. Its API answers while a Webapp that publishes its port runs.</summary>
    internal WaSetup Setup(string name, int? port = null, WaDatabaseServer? database = null, WaSetupState state = WaSetupState.Running)
    {
        var published = port ?? Port();
        var connections = new ScriptedSetup();
        connections.Hosts.Add(Docker);
        connections.ScriptedApi.Answers = () => IsServedAsync(published);
        return new WaSetup(name, new Uri($"https://127.0.0.1:{published}"), state, connections) { Database = database, Journal = new MemoryJournal() };
    }

    internal static ScriptedApi Api(WaSetup setup) => ((ScriptedSetup)setup.Connections).ScriptedApi;

    internal static MemoryJournal Journal(WaSetup setup) => (MemoryJournal)setup.Journal;

    /// <summary>A server that nothing connects to in these tests.</summary>
    internal static WaDatabaseServer Database(string prefix = "wa_", WaDatabaseEngine engine = WaDatabaseEngine.PostgreSql, string host = "db.example", int port = 5432) =>
        new(engine, "127.0.0.1", 1, "wa", Secret.Conceal(Password), prefix, WaSslMode.Disable, host, port);

    /// <summary>Puts a client onto the host as the vendor's compose file does, and starts it.</summary>
    internal async Task<IReadOnlyList<string>> ComposeAsync(string project, int masters, int coreapps, int port, string prefix = "", string registry = DockerImage.VendorRegistry, string databaseHost = "127.0.0.1")
    {
        var definitions = new List<ContainerDefinition>();
        await Docker.EnsureNetworkAsync(project + "_default", new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        await Docker.EnsureVolumeAsync(project + "_whatsappMedia", new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        definitions.AddRange(Enumerable.Range(1, masters).Select(number => Node(project, "master", number, registry + "/coreapp", [], prefix, databaseHost, "WA_MASTER_NODE=1")));
        definitions.AddRange(Enumerable.Range(1, coreapps).Select(number => Node(project, "wacore", number, registry + "/coreapp", [], prefix, databaseHost)));
        definitions.Add(Node(project, "waweb", 1, registry + "/web", [new PortPublication(443, "tcp", string.Empty, port)], prefix, databaseHost));
        foreach (var definition in definitions)
        {
            await Docker.CreateContainerAsync(definition, TestContext.Current.CancellationToken);
            await Docker.StartContainerAsync(definition.Name, TestContext.Current.CancellationToken);
        }

        return [.. definitions.Select(definition => definition.Name)];
    }

    private async Task<bool> IsServedAsync(int port)
    {
        foreach (var container in Host.Containers.All.Where(container => container.IsRunning))
        {
            var detail = await Docker.InspectContainerAsync(container.Id, TestContext.Current.CancellationToken);
            if (detail?.PublishedPorts.Any(item => item.HostPort == port) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Name and state of every container, to compare before and after.</summary>
    internal async Task<IReadOnlyList<string>> SnapshotAsync()
    {
        var lines = new List<string>();
        foreach (var listed in await Docker.ListContainersAsync(TestContext.Current.CancellationToken))
        {
            var detail = await Docker.InspectContainerAsync(listed.Id, TestContext.Current.CancellationToken);
            lines.Add($"{listed.Name} {listed.Id} {listed.State} {detail!.Definition.RestartPolicy}");
        }

        lines.AddRange(Host.Volumes.All.Select(volume => "volume " + volume.Name));
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        ports.Dispose();
        folder.Dispose();
    }

    private static ContainerDefinition Node(string project, string service, int number, string image, IReadOnlyList<PortPublication> ports, string prefix, string databaseHost, params string[] more) => new()
    {
        Name = $"{project}_{service}_{number}",
        Image = image + ":v" + Version,
        Command = ["/opt/whatsapp/bin/wait_on_postgres.sh", "/opt/whatsapp/bin/launch_within_docker.sh"],
        Environment =
        [
            "WA_DB_ENGINE=PGSQL", "WA_DB_HOSTNAME=" + databaseHost, "WA_DB_PORT=1", "WA_DB_USERNAME=wa", "WA_DB_PASSWORD=" + Password,
            "WA_DB_NAME_PREFIX=" + prefix, "WA_APP_MULTICONNECT=1", "WA_WEB_JWT_CRYPTO_KEY=the-jwt-key", .. more,
        ],
        Labels = new Dictionary<string, string>
        {
            ["com.docker.compose.project"] = project,
            ["com.docker.compose.service"] = service,
            ["com.docker.compose.container-number"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        Ports = ports,
        Mounts = [new ContainerMount("volume", project + "_whatsappMedia", "/usr/local/wamedia", false)],
        Networks = [new NetworkAttachment(project + "_default", [service])],
        NetworkMode = project + "_default",
        RestartPolicy = "unless-stopped",
        CapDrop = ["MKNOD"],
    };
}
