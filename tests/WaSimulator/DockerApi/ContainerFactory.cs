using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>Turns a create request into a container, with the image's configuration below it, as the engine does.</summary>
internal sealed partial class ContainerFactory(
    ImageStore images, ContainerStore containers, NetworkStore networks, VolumeStore volumes, TimeProvider time)
{
    public EmbeddedContainer Create(string? name, JsonObject request)
    {
        if (name is not null && !NamePattern().IsMatch(name.TrimStart('/')))
        {
            throw DockerError.BadParameter($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }

        var reference = Json.Text(request, "Image") is { Length: > 0 } image ? image : throw DockerError.BadParameter("no image specified");
        var found = images.Get(reference);
        var config = MergeConfig(request, found);
        if (Json.Texts(config, "Cmd").Count == 0 && Json.Texts(config, "Entrypoint").Count == 0)
        {
            throw DockerError.BadParameter("No command specified");
        }

        var hostConfig = MergeHostConfig(Json.Object(request, "HostConfig"));
        ThrowIfPolicyIsInvalid(hostConfig);
        var id = DockerIds.Random();
        var ownName = name?.TrimStart('/') ?? "embedded_" + DockerIds.Short(id);
        containers.ThrowIfTaken(ownName);
        if (Json.Text(config, "Hostname") is not { Length: > 0 })
        {
            config["Hostname"] = DockerIds.Short(id);
        }

        var container = new EmbeddedContainer(id, ownName, reference, found, config, hostConfig, time)
        {
            Mounts = CreateMounts(config, hostConfig),
        };
        Attach(container, Json.Object(Json.Object(request, "NetworkingConfig"), "EndpointsConfig"));
        containers.Add(container);
        return container;
    }

    private static JsonObject MergeConfig(JsonObject request, DockerImage image)
    {
        var config = image.ConfigJson();
        var imageLabels = config["Labels"]!.DeepClone().AsObject();
        var imagePorts = config["ExposedPorts"]!.DeepClone().AsObject();
        var imageEnvironment = Json.Texts(config, "Env");
        foreach (var (key, value) in request)
        {
            // Docker.DotNet sends null for what its caller left out; the image's value stays then.
            if (key is not ("HostConfig" or "NetworkingConfig" or "Name" or "Platform") && value is not null)
            {
                config[key] = value.DeepClone();
            }
        }

        // The container's variables replace the image's of the same name and follow those that stay.
        var own = Json.Texts(request, "Env");
        var ownNames = own.Select(e => e.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        config["Env"] = Json.Strings(own.Concat(imageEnvironment.Where(e => !ownNames.Contains(e.Split('=')[0]))));
        config["Labels"] = Overlay(imageLabels, Json.Object(request, "Labels"));
        config["ExposedPorts"] = Overlay(imagePorts, Json.Object(request, "ExposedPorts"));
        return config;
    }

    private static JsonObject Overlay(JsonObject below, JsonObject? above)
    {
        foreach (var (key, value) in above ?? [])
        {
            below[key] = value?.DeepClone();
        }

        return below;
    }

    private static JsonObject MergeHostConfig(JsonObject? request)
    {
        var config = HostConfigDefaults.Create();
        foreach (var (key, value) in request ?? [])
        {
            if (value is not null)
            {
                config[key] = value.DeepClone();
            }
        }

        if (Json.Text(config, "NetworkMode") is not { Length: > 0 })
        {
            config["NetworkMode"] = "default";
        }

        if (Json.Text(Json.Object(config, "RestartPolicy"), "Name") is not { Length: > 0 })
        {
            config["RestartPolicy"] = new JsonObject { ["Name"] = "no", ["MaximumRetryCount"] = 0 };
        }

        return config;
    }

    private static void ThrowIfPolicyIsInvalid(JsonObject hostConfig)
    {
        var policy = Json.Object(hostConfig, "RestartPolicy");
        var name = Json.Text(policy, "Name");
        if (name is not ("no" or "always" or "unless-stopped" or "on-failure"))
        {
            throw DockerError.BadParameter($"invalid restart policy '{name}'");
        }

        if (name != "on-failure" && Json.Number(policy, "MaximumRetryCount") > 0)
        {
            throw DockerError.BadParameter($"maximum retry count cannot be used with restart policy '{name}'");
        }

        if (name != "no" && Json.Flag(hostConfig, "AutoRemove"))
        {
            throw DockerError.BadParameter("can't create 'AutoRemove' container with restart policy");
        }
    }

    private void Attach(EmbeddedContainer container, JsonObject? endpoints)
    {
        var mode = Json.Text(container.HostConfig, "NetworkMode") is { } m && m != "default" ? m : "bridge";
        var links = Json.Texts(container.HostConfig, "Links").Select(NetworkEndpoint.ParseLink);
        if (endpoints?.Count > 1)
        {
            throw DockerError.BadParameter("Container cannot be connected to network endpoints: " + string.Join(", ", endpoints.Select(e => e.Key)));
        }

        // A network may be named by its id; the endpoint is kept under its name. One that does not exist fails at start.
        var network = networks.Find(mode)?.Name ?? mode;
        container.Endpoints[network] = NetworkEndpoint.Read(endpoints?.FirstOrDefault().Value, links);
    }

    private List<ContainerMount> CreateMounts(JsonObject config, JsonObject hostConfig)
    {
        var mounts = new List<ContainerMount>();
        foreach (var bind in Json.Texts(hostConfig, "Binds"))
        {
            var parts = bind.Split(':');
            if (parts.Length is < 2 or > 3)
            {
                throw DockerError.BadParameter($"invalid volume specification: '{bind}'");
            }

            mounts.Add(Mount(parts[0].StartsWith('/') ? "bind" : "volume", parts[0], parts[1], parts.Length == 3 && parts[2].Split(',').Contains("ro")));
        }

        foreach (var mount in (hostConfig["Mounts"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var target = Json.Text(mount, "Target") ?? throw DockerError.BadParameter("invalid mount config: field Target must not be empty");
            mounts.Add(Mount(Json.Text(mount, "Type") ?? "volume", Json.Text(mount, "Source") ?? "", target, Json.Flag(mount, "ReadOnly")));
        }

        foreach (var path in (Json.Object(config, "Volumes") ?? []).Select(v => v.Key).Where(path => mounts.All(m => m.Destination != path)).ToList())
        {
            mounts.Add(Mount("volume", "", path, readOnly: false));
        }

        return mounts;
    }

    private ContainerMount Mount(string type, string source, string destination, bool readOnly)
    {
        if (type != "volume")
        {
            return new ContainerMount(type, "", source, destination, readOnly, Anonymous: false);
        }

        var anonymous = source.Length == 0;
        var volume = volumes.Ensure(anonymous ? DockerIds.Random() : source);
        return new ContainerMount("volume", volume.Name, volume.Mountpoint, destination, readOnly, anonymous);
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex NamePattern();
}
