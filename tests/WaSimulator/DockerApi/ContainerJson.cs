using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace WaSimulator.DockerApi;

/// <summary>Containers as the engine shows them: at length for inspect, in short for the list.</summary>
internal sealed class ContainerJson(EmbeddedDockerHost host)
{
    public JsonObject Inspect(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            var state = container.State;
            var command = Command(container);
            var folder = "/var/lib/docker/containers/" + container.Id;
            return new JsonObject
            {
                ["Id"] = container.Id,
                ["Created"] = DockerTime.Format(container.Created),
                ["Path"] = command.Count > 0 ? command[0] : "",
                ["Args"] = Json.Strings(command.Skip(1)),
                ["State"] = StateOf(state),
                ["Image"] = container.Image.Id,
                ["ResolvConfPath"] = folder + "/resolv.conf",
                ["HostnamePath"] = folder + "/hostname",
                ["HostsPath"] = folder + "/hosts",
                ["LogPath"] = $"{folder}/{container.Id}-json.log",
                ["Name"] = "/" + container.Name,
                ["RestartCount"] = state.RestartCount,
                ["Driver"] = "overlay2",
                ["Platform"] = "linux",
                ["MountLabel"] = "",
                ["ProcessLabel"] = "",
                ["AppArmorProfile"] = "",
                ["ExecIDs"] = null,
                ["HostConfig"] = container.HostConfig.DeepClone(),
                ["GraphDriver"] = new JsonObject { ["Data"] = new JsonObject(), ["Name"] = "overlay2" },
                ["Mounts"] = Json.Array(container.Mounts.Select(m => (JsonNode?)m.ToJson())),
                ["Config"] = container.Config.DeepClone(),
                ["NetworkSettings"] = NetworkSettings(container),
            };
        }
    }

    public JsonObject Summary(EmbeddedContainer container)
    {
        lock (container.Gate)
        {
            var networks = new JsonObject();
            foreach (var (name, endpoint) in container.Endpoints)
            {
                networks[name] = Endpoint(container, name, endpoint);
            }

            return new JsonObject
            {
                ["Id"] = container.Id,
                ["Names"] = Json.Strings(["/" + container.Name]),
                ["Image"] = ImageName(container),
                ["ImageID"] = container.Image.Id,
                ["Command"] = string.Join(' ', Command(container)),
                ["Created"] = container.Created.ToUnixTimeSeconds(),
                ["Ports"] = PortList(container),
                ["Labels"] = container.Config["Labels"]?.DeepClone() ?? new JsonObject(),
                ["State"] = container.State.Status,
                ["Status"] = Describe(container.State),
                ["HostConfig"] = new JsonObject { ["NetworkMode"] = Json.Text(container.HostConfig, "NetworkMode") },
                ["NetworkSettings"] = new JsonObject { ["Networks"] = networks },
                ["Mounts"] = Json.Array(container.Mounts.Select(m => (JsonNode?)m.ToJson())),
            };
        }
    }

    private static JsonObject StateOf(ContainerState state) => new()
    {
        ["Status"] = state.Status,
        ["Running"] = state.Running,
        ["Paused"] = state.Paused,
        ["Restarting"] = state.Restarting,
        ["OOMKilled"] = false,
        ["Dead"] = false,
        ["Pid"] = state.Pid,
        ["ExitCode"] = state.ExitCode,
        ["Error"] = state.Error,
        ["StartedAt"] = DockerTime.Format(state.StartedAt),
        ["FinishedAt"] = DockerTime.Format(state.FinishedAt),
    };

    private static List<string> Command(EmbeddedContainer container) =>
        [.. Json.Texts(container.Config, "Entrypoint"), .. Json.Texts(container.Config, "Cmd")];

    /// <summary>A container whose image lost its name is shown with the image's id, as the engine does.</summary>
    private string ImageName(EmbeddedContainer container) =>
        host.Images.Find(container.ImageReference)?.Id == container.Image.Id ? container.ImageReference : container.Image.Id;

    private string Describe(ContainerState state)
    {
        var now = host.Options.TimeProvider.GetUtcNow();
        if (state.Running && !state.Restarting)
        {
            return "Up " + DockerTime.Describe(now - state.StartedAt!.Value);
        }

        if (!state.EverStarted)
        {
            return "Created";
        }

        var ended = DockerTime.Describe(now - (state.FinishedAt ?? now));
        return string.Create(CultureInfo.InvariantCulture, $"{(state.Restarting ? "Restarting" : "Exited")} ({state.ExitCode}) {ended} ago");
    }

    private JsonObject NetworkSettings(EmbeddedContainer container)
    {
        var networks = new JsonObject();
        foreach (var (name, endpoint) in container.Endpoints)
        {
            networks[name] = Endpoint(container, name, endpoint);
        }

        var first = networks.Count > 0 && container.Endpoints.ContainsKey("bridge") ? networks["bridge"] : null;
        return new JsonObject
        {
            ["Bridge"] = "",
            ["SandboxID"] = DockerIds.Of("sandbox " + container.Id),
            ["HairpinMode"] = false,
            ["LinkLocalIPv6Address"] = "",
            ["LinkLocalIPv6PrefixLen"] = 0,
            ["Ports"] = PortMap(container),
            ["SandboxKey"] = "/var/run/docker/netns/" + DockerIds.Short(container.Id),
            ["SecondaryIPAddresses"] = null,
            ["SecondaryIPv6Addresses"] = null,
            ["EndpointID"] = Json.Text(first, "EndpointID") ?? "",
            ["Gateway"] = Json.Text(first, "Gateway") ?? "",
            ["GlobalIPv6Address"] = "",
            ["GlobalIPv6PrefixLen"] = 0,
            ["IPAddress"] = Json.Text(first, "IPAddress") ?? "",
            ["IPPrefixLen"] = Json.Number(first, "IPPrefixLen"),
            ["IPv6Gateway"] = "",
            ["MacAddress"] = Json.Text(first, "MacAddress") ?? "",
            ["Networks"] = networks,
        };
    }

    private JsonObject Endpoint(EmbeddedContainer container, string name, NetworkEndpoint endpoint)
    {
        var network = host.Networks.Find(name);
        var connected = network is not null && container.State.Running && !container.State.Restarting;
        var aliases = NetworkStore.IsDefault(name) ? [] : endpoint.Aliases.Append(DockerIds.Short(container.Id)).Distinct().ToList();
        return new JsonObject
        {
            ["IPAMConfig"] = null,
            ["Links"] = endpoint.Links.Count == 0 ? null : Json.Strings(endpoint.Links.Select(l => l.Target + ":" + l.Alias)),
            ["Aliases"] = aliases.Count == 0 ? null : Json.Strings(aliases),
            ["NetworkID"] = network?.Id ?? "",
            ["EndpointID"] = connected ? endpoint.EndpointId : "",
            ["Gateway"] = connected ? network!.Gateway : "",
            ["IPAddress"] = connected ? network!.AddressOf(container) : "",
            ["IPPrefixLen"] = connected ? 16 : 0,
            ["IPv6Gateway"] = "",
            ["GlobalIPv6Address"] = "",
            ["GlobalIPv6PrefixLen"] = 0,
            ["MacAddress"] = connected ? "02:42:ac:11:" + container.Id[..2] + ":" + container.Id[2..4] : "",
            ["DriverOpts"] = null,
        };
    }

    /// <summary>Exposed ports, with where they are published while the container runs.</summary>
    private static IEnumerable<(string Key, string? HostIp, int? HostPort)> Ports(EmbeddedContainer container)
    {
        var bindings = Json.Object(container.HostConfig, "PortBindings") ?? [];
        var keys = (Json.Object(container.Config, "ExposedPorts") ?? []).Select(p => p.Key)
            .Concat(bindings.Select(b => b.Key)).Distinct(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (bindings[key] is not JsonArray { Count: > 0 } binding || !container.State.Running)
            {
                yield return (key, null, null);
                continue;
            }

            var hostIp = Json.Text(binding[0], "HostIp") is { Length: > 0 } ip ? ip : IPAddress.Any.ToString();
            var containerPort = EmbeddedContainer.PortOf(key);
            var hostPort = container.FixedPorts.GetValueOrDefault(containerPort)?.Port
                ?? container.Ports.GetValueOrDefault(containerPort)?.Port;
            yield return (key, hostIp, hostPort);
        }
    }

    private static JsonObject PortMap(EmbeddedContainer container)
    {
        if (!container.State.Running)
        {
            return [];
        }

        var map = new JsonObject();
        foreach (var (key, hostIp, hostPort) in Ports(container))
        {
            map[key] = hostPort is { } port
                ? new JsonArray { (JsonNode)new JsonObject { ["HostIp"] = hostIp, ["HostPort"] = port.ToString(CultureInfo.InvariantCulture) } }
                : null;
        }

        return map;
    }

    private static JsonArray PortList(EmbeddedContainer container)
    {
        var list = new JsonArray();
        foreach (var (key, hostIp, hostPort) in Ports(container).Where(_ => container.State.Running))
        {
            var port = new JsonObject { ["PrivatePort"] = EmbeddedContainer.PortOf(key), ["Type"] = key.Split('/') is [_, var type] ? type : "tcp" };
            if (hostPort is { } published)
            {
                port["IP"] = hostIp;
                port["PublicPort"] = published;
            }

            list.Add((JsonNode)port);
        }

        return list;
    }
}
