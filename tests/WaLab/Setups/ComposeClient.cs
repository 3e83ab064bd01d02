using System.Globalization;
using System.Text.Json.Nodes;
using WaLab.RealDocker;
using WaSimulator.DockerApi;

namespace WaLab.Setups;

/// <summary>Installs a client as <c>docker-compose up</c> does with the vendor's multiconnect file.</summary>
internal sealed class ComposeClient(LabSetup setup)
{
    private static readonly int[] CorePorts = [6250, 6251, 6252, 6253];

    /// <summary>Creates and starts everything; the ids of the containers by service.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InstallAsync(CancellationToken cancellationToken)
    {
        using var docker = new DockerApiClient(setup.DirectSocket);
        var project = new JsonObject { ["com.docker.compose.project"] = setup.Project, ["com.docker.compose.version"] = "1.29.2" };
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
        var services = Services().ToList();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (service, container) in services)
        {
            var created = await docker.PostAsync($"containers/create?name={setup.Project}-{service}-1", container, cancellationToken);
            ids[service] = created!["Id"]!.GetValue<string>();
        }

        await Task.WhenAll(ids.Values.Select(id => docker.PostAsync($"containers/{id}/start", null, cancellationToken)));
        return ids;
    }

    /// <summary>Restarts all Coreapps at once, as a new webhook certificate authority wants it.</summary>
    public async Task RestartCoreappsAsync(IReadOnlyDictionary<string, string> ids, CancellationToken cancellationToken)
    {
        using var docker = new DockerApiClient(setup.DirectSocket);
        await Task.WhenAll(ids.Where(id => id.Key.StartsWith("wacore", StringComparison.Ordinal))
            .Select(id => docker.PostAsync($"containers/{id.Value}/restart?t=30", null, cancellationToken)));
    }

    private IEnumerable<(string Service, JsonObject Container)> Services()
    {
        for (var number = 1; number <= setup.Topology.Masters; number++)
        {
            yield return Core("master" + Text(number), master: true);
        }

        for (var number = 1; number <= setup.Topology.Coreapps; number++)
        {
            yield return Core("wacore" + Text(number), master: false);
        }

        for (var number = 1; number <= setup.Topology.Webapps; number++)
        {
            yield return Web(number == 1 ? "waweb" : "waweb" + Text(number), setup.ApiPorts[number - 1]);
        }
    }

    private (string Service, JsonObject Container) Core(string service, bool master)
    {
        List<string> environment = [.. DatabaseVariables(), "WA_APP_MULTICONNECT=1"];
        if (master)
        {
            environment.Add("WA_MASTER_NODE=1");
        }

        environment.AddRange(["COREAPP_EXTERNAL_PORTS=6250,6251,6252,6253", "COREAPP_HOSTNAME=" + service]);
        var bindings = new JsonObject();
        foreach (var port in CorePorts)
        {
            bindings[Text(port) + "/tcp"] = new JsonArray { (JsonNode)new JsonObject { ["HostIp"] = "", ["HostPort"] = "" } };
        }

        return (service, Container(service, "coreapp", environment, bindings));
    }

    private (string Service, JsonObject Container) Web(string service, int port)
    {
        List<string> environment =
        [
            .. DatabaseVariables(), "WA_APP_MULTICONNECT=1", "WEBAPP_EXTERNAL_PORTS=" + Text(port), "WEBAPP_HOSTNAME=" + service,
            "WA_API_KEY=" + setup.ApiKey, "WA_WEB_JWT_CRYPTO_KEY=" + setup.JwtKey,
        ];
        var bindings = new JsonObject
        {
            ["443/tcp"] = new JsonArray { (JsonNode)new JsonObject { ["HostIp"] = "", ["HostPort"] = Text(port) } },
        };
        return (service, Container(service, "web", environment, bindings));
    }

    private List<string> DatabaseVariables() =>
    [
        "WA_DB_ENGINE=" + LabSetup.DatabaseEngine, "WA_DB_HOSTNAME=" + setup.DatabaseServer, "WA_DB_PORT=" + Text(setup.DatabasePort),
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
