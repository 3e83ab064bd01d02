using System.Globalization;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaSimulator.DockerApi;

namespace WaLab.Setups;

/// <summary>Installs a client as <c>docker-compose up</c> does with the vendor's multiconnect file, on each host of a side.</summary>
internal sealed class ComposeClient(LabSetup setup)
{
    private const int FirstCorePort = 6250;
    private const int FirstMasterPort = 6254;
    private static readonly int[] CorePorts = [6250, 6251, 6252, 6253];

    private int Hosts => setup.Side.Sockets.Count;

    /// <summary>Creates and starts everything; the ids of the containers by service.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InstallAsync(CancellationToken cancellationToken)
    {
        var project = new JsonObject { ["com.docker.compose.project"] = setup.Project, ["com.docker.compose.version"] = "1.29.2" };
        foreach (var socket in setup.Side.Sockets)
        {
            using var docker = new DockerApiClient(socket);
            await docker.PostAsync(
                "networks/create",
                new JsonObject
                {
                    ["Name"] = setup.NetworkName, ["Driver"] = "bridge", ["CheckDuplicate"] = true, ["Attachable"] = true,
                    ["Labels"] = With(project, "com.docker.compose.network", "default"),
                },
                cancellationToken);
            await docker.PostAsync(
                "volumes/create",
                new JsonObject { ["Name"] = setup.MediaVolume, ["Driver"] = "local", ["Labels"] = With(project, "com.docker.compose.volume", "whatsappMedia") },
                cancellationToken);
        }

        return await UpAsync(cancellationToken);
    }

    /// <summary>Creates and starts the containers; network and volume are there.</summary>
    public async Task<IReadOnlyDictionary<string, string>> UpAsync(CancellationToken cancellationToken)
    {
        var services = Services().ToList();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var host = 0; host < Hosts; host++)
        {
            using var docker = new DockerApiClient(setup.Side.Sockets[host]);
            foreach (var (_, service, container) in services.Where(one => one.Host == host))
            {
                var created = await docker.PostAsync($"containers/create?name={setup.Project}-{service}-1", container, cancellationToken);
                ids[service] = created!["Id"]!.GetValue<string>();
            }

            await Task.WhenAll(services.Where(one => one.Host == host)
                .Select(one => docker.PostAsync($"containers/{ids[one.Service]}/start", null, cancellationToken)));
        }

        return ids;
    }

    /// <summary>Restarts all Coreapps at once, as a new webhook certificate authority wants it.</summary>
    public Task RestartCoreappsAsync(CancellationToken cancellationToken) => Task.WhenAll(setup.Side.Sockets.Select(async socket =>
    {
        using var docker = new DockerApiClient(socket);
        var coreapps = (await docker.ContainersAsync(cancellationToken)).Where(one => one.Service?.StartsWith("wacore", StringComparison.Ordinal) == true);
        await Task.WhenAll(coreapps.Select(one => docker.PostAsync($"containers/{one.Id}/restart?t=30", null, cancellationToken)));
    }));

    /// <summary>Dealt out to the hosts in turn.</summary>
    private IEnumerable<(int Host, string Service, JsonObject Container)> Services()
    {
        for (var number = 1; number <= setup.Topology.Masters; number++)
        {
            yield return Core("master" + Text(number), (number - 1) % Hosts, master: true);
        }

        for (var number = 1; number <= setup.Topology.Coreapps; number++)
        {
            yield return Core("wacore" + Text(number), (number - 1) % Hosts, master: false);
        }

        for (var number = 1; number <= setup.Topology.Webapps; number++)
        {
            yield return Web(number == 1 ? "waweb" : "waweb" + Text(number), (number - 1) % Hosts, setup.ApiPorts[(number - 1) / Hosts]);
        }
    }

    /// <summary>The name under which nodes on other hosts reach one: its own on one host, the host's on several.</summary>
    private string HostnameOf(string service, int host) => Hosts == 1 ? service : setup.RealEngines[host].Name;

    private (int Host, string Service, JsonObject Container) Core(string service, int host, bool master)
    {
        List<string> environment = [.. DatabaseVariables(), "WA_APP_MULTICONNECT=1"];
        if (master)
        {
            environment.Add("WA_MASTER_NODE=1");
        }

        var outside = CorePorts.Select(port => Hosts == 1 ? port : port - FirstCorePort + (master ? FirstMasterPort : FirstCorePort)).ToList();
        environment.AddRange(["COREAPP_EXTERNAL_PORTS=" + string.Join(',', outside), "COREAPP_HOSTNAME=" + HostnameOf(service, host)]);
        var bindings = new JsonObject();
        foreach (var (port, published) in CorePorts.Zip(outside))
        {
            bindings[Text(port) + "/tcp"] = new JsonArray { (JsonNode)new JsonObject { ["HostIp"] = "", ["HostPort"] = Hosts == 1 ? "" : Text(published) } };
        }

        return (host, service, Container(service, "coreapp", environment, bindings));
    }

    private (int Host, string Service, JsonObject Container) Web(string service, int host, int port)
    {
        List<string> environment =
        [
            .. DatabaseVariables(), "WA_APP_MULTICONNECT=1", "WEBAPP_EXTERNAL_PORTS=" + Text(port), "WEBAPP_HOSTNAME=" + HostnameOf(service, host),
            "WA_API_KEY=" + setup.ApiKey, "WA_WEB_JWT_CRYPTO_KEY=" + setup.JwtKey,
        ];
        var bindings = new JsonObject
        {
            ["443/tcp"] = new JsonArray { (JsonNode)new JsonObject { ["HostIp"] = "", ["HostPort"] = Text(port) } },
        };
        return (host, service, Container(service, "web", environment, bindings));
    }

    private List<string> DatabaseVariables() =>
    [
        "WA_DB_ENGINE=" + setup.DatabaseEngine, "WA_DB_HOSTNAME=" + setup.DatabaseServer, "WA_DB_PORT=" + Text(setup.DatabasePort),
        "WA_DB_USERNAME=" + setup.DatabaseUser, "WA_DB_PASSWORD=" + setup.DatabasePassword, "WA_DB_NAME_PREFIX=" + setup.NamePrefix,
    ];

    private JsonObject Container(string service, string image, IEnumerable<string> environment, JsonObject bindings)
    {
        string[] all = [.. environment, "WA_RUNNING_ENV_VERSION=v2.2.3", "ORCHESTRATION=DOCKER-COMPOSE"];
        return new JsonObject
        {
            ["Image"] = $"{DockerImage.VendorRegistry}/{image}:v{setup.ClientVersion}",
            ["Cmd"] = Strings("/opt/whatsapp/bin/wait_on_postgres.sh", "/opt/whatsapp/bin/launch_within_docker.sh"),
            ["Env"] = Strings(all),
            ["ExposedPorts"] = new JsonObject(bindings.Select(b => KeyValuePair.Create(b.Key, (JsonNode?)new JsonObject()))),
            ["Labels"] = new JsonObject
            {
                ["com.docker.compose.project"] = setup.Project,
                ["com.docker.compose.service"] = service,
                ["com.docker.compose.container-number"] = "1",
                ["com.docker.compose.oneoff"] = "False",
                ["com.docker.compose.project.config_files"] = "multiconnect-compose.yml",
                ["com.docker.compose.project.working_dir"] = "/opt/whatsapp/installation",
                ["com.docker.compose.version"] = "1.29.2",
            },
            ["HostConfig"] = new JsonObject
            {
                ["Binds"] = Strings(setup.MediaVolume + ":/usr/local/wamedia:rw"),
                ["PortBindings"] = bindings,
                ["RestartPolicy"] = new JsonObject { ["Name"] = "unless-stopped", ["MaximumRetryCount"] = 0 },
                ["CapDrop"] = Strings("MKNOD"),
                ["NetworkMode"] = setup.NetworkName,
            },
            ["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject { [setup.NetworkName] = new JsonObject { ["Aliases"] = Strings(service) } },
            },
        };
    }

    private static JsonArray Strings(params IEnumerable<string> values) => [.. values.Select(v => (JsonNode?)JsonValue.Create(v))];

    private static JsonObject With(JsonObject labels, string name, string value)
    {
        var copy = labels.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
