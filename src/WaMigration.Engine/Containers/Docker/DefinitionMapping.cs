using System.Globalization;
using Docker.DotNet.Models;

namespace WaMigration.Containers.Docker;

/// <summary>Between the Docker library's models and our own records.</summary>
internal static class DefinitionMapping
{
    private const int ShortIdLength = 12;

    internal static ContainerSummary Summary(ContainerListResponse listed) => new(
        listed.ID,
        (listed.Names is { Count: > 0 } names ? names[0] : listed.ID).TrimStart('/'),
        listed.Image ?? string.Empty,
        listed.State ?? string.Empty,
        Copy(listed.Labels));

    internal static ContainerDetail Detail(ContainerInspectResponse found)
    {
        var config = found.Config ?? new Config();
        var host = found.HostConfig ?? new HostConfig();
        var shortId = found.ID.Length > ShortIdLength ? found.ID.Substring(0, ShortIdLength) : found.ID;
        var mode = host.NetworkMode ?? string.Empty;
        return new ContainerDetail(
            found.ID,
            found.State?.Status ?? string.Empty,
            (int)(found.State?.ExitCode ?? 0),
            found.State?.Error ?? string.Empty,
            new ContainerDefinition
            {
                Name = found.Name.TrimStart('/'),
                Image = config.Image ?? string.Empty,
                ImageId = found.Image ?? string.Empty,
                //// The engine's own default is no setting, and would be wrong for the next container.
                Hostname = config.Hostname == shortId ? string.Empty : config.Hostname ?? string.Empty,
                Command = List(config.Cmd),
                Entrypoint = List(config.Entrypoint),
                Environment = List(config.Env),
                Labels = Copy(config.Labels),
                Ports = Ports(host),
                Mounts = (found.Mounts ?? []).Select(Mount).ToList(),
                Networks = Networks(found.NetworkSettings, mode, shortId),
                NetworkMode = mode,
                RestartPolicy = PolicyName(host.RestartPolicy),
                RestartMaximumRetries = (int)(host.RestartPolicy?.MaximumRetryCount ?? 0),
                CapDrop = List(host.CapDrop),
                CapAdd = List(host.CapAdd),
                ExtraHosts = List(host.ExtraHosts),
            },
            Published(host, found.NetworkSettings));
    }

    internal static CreateContainerParameters Parameters(ContainerDefinition definition)
    {
        var first = definition.Networks.Count > 0 ? definition.Networks[0] : null;
        return new CreateContainerParameters
        {
            Name = definition.Name,
            Image = definition.Image,
            Hostname = definition.Hostname.Length == 0 ? null : definition.Hostname,
            User = definition.User.Length == 0 ? null : definition.User,
            Cmd = NullIfEmpty(definition.Command),
            Entrypoint = NullIfEmpty(definition.Entrypoint),
            Env = [.. definition.Environment],
            Labels = definition.Labels.ToDictionary(label => label.Key, label => label.Value),
            ExposedPorts = definition.Ports.Select(PortKey).Distinct().ToDictionary(port => port, _ => default(EmptyStruct)),
            HostConfig = new HostConfig
            {
                PortBindings = definition.Ports.GroupBy(PortKey).ToDictionary(
                    port => port.Key,
                    port => (IList<PortBinding>)port.Select(Binding).ToList()),
                Mounts = definition.Mounts.Select(mount => new Mount { Type = mount.Type, Source = mount.Source, Target = mount.Target, ReadOnly = mount.ReadOnly }).ToList(),
                NetworkMode = first?.Name ?? (definition.NetworkMode.Length == 0 ? null : definition.NetworkMode),
                RestartPolicy = new RestartPolicy { Name = PolicyKind(definition.RestartPolicy), MaximumRetryCount = definition.RestartMaximumRetries },
                LogConfig = definition.LogDriver.Length == 0 ? null : new LogConfig { Type = definition.LogDriver },
                CapDrop = NullIfEmpty(definition.CapDrop),
                CapAdd = NullIfEmpty(definition.CapAdd),
                ExtraHosts = NullIfEmpty(definition.ExtraHosts),
            },
            NetworkingConfig = first is null
                ? null
                : new NetworkingConfig
                {
                    EndpointsConfig = new Dictionary<string, EndpointSettings> { [first.Name] = new() { Aliases = [.. first.Aliases] } },
                },
        };
    }

    internal static RestartPolicyKind PolicyKind(string policy) => policy switch
    {
        "always" => RestartPolicyKind.Always,
        "unless-stopped" => RestartPolicyKind.UnlessStopped,
        "on-failure" => RestartPolicyKind.OnFailure,
        _ => RestartPolicyKind.No,
    };

    private static string PolicyName(RestartPolicy? policy) => policy?.Name switch
    {
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        RestartPolicyKind.OnFailure => "on-failure",
        _ => "no",
    };

    private static string PortKey(PortPublication port) => port.ContainerPort.ToString(CultureInfo.InvariantCulture) + "/" + port.Protocol;

    private static PortBinding Binding(PortPublication port) => new()
    {
        HostIP = port.HostAddress,
        HostPort = port.HostPort == 0 ? string.Empty : port.HostPort.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// What was asked for; where the host port was left to the engine, the one that it took, since that is where the
    /// others expect the container.
    /// </summary>
    private static List<PortPublication> Ports(HostConfig host) => Bindings(host)
        .Select(binding => binding.Port)
        .ToList();

    private static List<PortPublication> Published(HostConfig host, NetworkSettings? now) => Bindings(host)
        .Select(binding => binding.Port.HostPort > 0 ? binding.Port : binding.Port with { HostPort = Bound(now, binding.Key, binding.Index) })
        .Where(port => port.HostPort > 0)
        .ToList();

    private static int Bound(NetworkSettings? now, string key, int index) =>
        now?.Ports is { } all && all.TryGetValue(key, out var bound) && bound is not null && index < bound.Count ? Number(bound[index].HostPort) : 0;

    private static IEnumerable<(string Key, int Index, PortPublication Port)> Bindings(HostConfig host)
    {
        foreach (var binding in host.PortBindings ?? new Dictionary<string, IList<PortBinding>>())
        {
            var parts = binding.Key.Split('/');
            if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var containerPort))
            {
                continue;
            }

            var protocol = parts.Length > 1 ? parts[1] : "tcp";
            var wanted = binding.Value ?? [];
            for (var index = 0; index < wanted.Count; index++)
            {
                yield return (binding.Key, index, new PortPublication(containerPort, protocol, wanted[index].HostIP ?? string.Empty, Number(wanted[index].HostPort)));
            }
        }
    }

    private static int Number(string? port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static ContainerMount Mount(MountPoint mount) => new(
        mount.Type ?? "volume",
        mount.Type == "volume" || mount.Type is null ? mount.Name : mount.Source,
        mount.Destination,
        !mount.RW);

    private static List<NetworkAttachment> Networks(NetworkSettings? settings, string mode, string shortId) =>
        (settings?.Networks ?? new Dictionary<string, EndpointSettings>())
            .OrderBy(network => network.Key == mode ? 0 : 1)
            .ThenBy(network => network.Key, StringComparer.Ordinal)
            .Select(network => new NetworkAttachment(network.Key, List(network.Value?.Aliases).Where(alias => alias != shortId).ToList()))
            .ToList();

    private static List<string> List(IList<string>? values) => values is null ? [] : [.. values];

    private static List<string>? NullIfEmpty(IReadOnlyList<string> values) => values.Count == 0 ? null : [.. values];

    private static Dictionary<string, string> Copy(IDictionary<string, string>? labels) =>
        labels is null ? [] : labels.ToDictionary(label => label.Key, label => label.Value);
}
