using WaMigration.Containers;

namespace WaMigration.Media;

/// <summary>Finds the media volumes of a setup, one a host; one that several hosts share once.</summary>
internal static class MediaVolumes
{
    private const char Separator = ' ';

    /// <exception cref="WaException">MediaHostsMissing, MediaVolumeMissing, MediaVolumeUnclear, MediaImageMissing.</exception>
    internal static async Task<IReadOnlyList<MediaVolume>> FindAsync(WaSetup setup, string? name, bool isWritten, Operation operation)
    {
        if (setup.DockerHosts.Count == 0)
        {
            throw MediaErrors.MediaHostsMissing.Error(setup.Name);
        }

        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        var volumes = new Dictionary<string, MediaVolume>(StringComparer.Ordinal);
        var mounted = new List<(string Host, string Mount)>();
        foreach (var host in setup.DockerHostConnections(operation))
        {
            var nodes = inventory.Containers.Where(container => container.Host.Address == host.Address).Select(container => container.Detail.Definition).ToList();
            var known = await host.ListVolumesAsync(operation.Cancellation).ConfigureAwait(false);
            if (Choose(setup, host, name, nodes, known) is not { } mount)
            {
                continue;
            }

            if (nodes.Count > 0)
            {
                mounted.Add((host.Address.ToString(), mount.Type + Separator + mount.Source));
            }

            var image = nodes.Select(node => node.Image).FirstOrDefault(image => !ImageName.IsId(image))
                ?? await ImageAsync(setup, host, operation.Cancellation).ConfigureAwait(false);
            var identity = await IdentityAsync(host, mount, known, operation.Cancellation).ConfigureAwait(false);
            if (!volumes.ContainsKey(identity))
            {
                volumes[identity] = new MediaVolume(host, mount, image, isWritten) { Identity = identity };
            }
        }

        if (mounted.Count > 0 && name is null)
        {
            // When the containers are gone nothing else tells whose volume is whose.
            operation.Note(setup, JournalKinds.MediaVolumesSeen, [.. mounted]);
        }

        return volumes.Count > 0 ? volumes.Values.ToList() : throw MediaErrors.MediaVolumeMissing.Error(name ?? ClientBlueprint.MediaVolume, string.Join(", ", setup.DockerHosts));
    }

    /// <summary>The one that was named; that which the nodes have mounted; or that which is called so.</summary>
    private static ContainerMount? Choose(WaSetup setup, IDockerHost host, string? name, IReadOnlyList<ContainerDefinition> nodes, IReadOnlyList<VolumeSummary> known)
    {
        if (name is not null)
        {
            return known.Any(volume => volume.Name == name) ? Volume(name) : null;
        }

        var mounted = nodes.SelectMany(node => node.Mounts).Where(mount => mount.Target.TrimEnd('/') == MediaVolume.Folder).GroupBy(mount => mount.Source).Select(group => group.First()).ToList();
        var candidates = mounted.Count > 0 ? mounted
            : Seen(setup, host) is { } seen ? [seen]
            : known.Where(IsMedia).Select(volume => Volume(volume.Name)).ToList();
        var own = ClientBlueprint.ProjectOf(setup.Name) + "_" + ClientBlueprint.MediaVolume;
        return candidates.Count switch
        {
            0 => null,
            1 => candidates[0],
            _ => candidates.FirstOrDefault(candidate => candidate.Source == own)
                ?? throw MediaErrors.MediaVolumeUnclear.Error(setup.Name, host.Address, string.Join(", ", candidates.Select(candidate => candidate.Source))),
        };
    }

    /// <summary>What a client that is gone had mounted on a host, by the record of the migration.</summary>
    private static ContainerMount? Seen(WaSetup setup, IDockerHost host) =>
        setup.Journal.Last(JournalKinds.MediaVolumesSeen, setup.Name) is { } seen
        && seen.Values.TryGetValue(host.Address.ToString(), out var mount)
        && mount.Split([Separator], 2) is [var type, var source]
            ? new ContainerMount(type, source, MediaVolume.Folder, ReadOnly: false)
            : null;

    private static ContainerMount Volume(string name) => new("volume", name, MediaVolume.Folder, ReadOnly: false);

    private static bool IsMedia(VolumeSummary volume) =>
        (volume.Labels.TryGetValue(ClientVariables.VolumeLabel, out var label) && label == ClientBlueprint.MediaVolume)
        || volume.Name == ClientBlueprint.MediaVolume
        || volume.Name.EndsWith("_" + ClientBlueprint.MediaVolume, StringComparison.Ordinal);

    private static async Task<string> ImageAsync(WaSetup setup, IDockerHost host, CancellationToken cancellation)
    {
        var images = (await host.ListImagesAsync(cancellation).ConfigureAwait(false))
            .Where(image => ImageName.Repository(image) is ClientVariables.CoreappRepository or ClientVariables.WebappRepository)
            .ToList();
        return images.FirstOrDefault(image => ImageName.Version(image) == setup.ClientVersion)
            ?? images.FirstOrDefault()
            ?? throw MediaErrors.MediaImageMissing.Error(host.Address.ToString());
    }

    /// <summary>A share of the network is the same one wherever it is mounted; anything else is its engine's.</summary>
    private static async Task<string> IdentityAsync(IDockerHost host, ContainerMount mount, IReadOnlyList<VolumeSummary> known, CancellationToken cancellation)
    {
        var options = known.FirstOrDefault(volume => mount.Type == "volume" && volume.Name == mount.Source)?.Options;
        var isShare = options is not null && options.TryGetValue("type", out var type) && (type.StartsWith("nfs", StringComparison.OrdinalIgnoreCase) || type == "cifs");
        return isShare
            ? "share:" + string.Join(";", options!.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => option.Key + "=" + option.Value))
            : $"{await host.GetEngineIdAsync(cancellation).ConfigureAwait(false)}:{mount.Type}:{mount.Source}";
    }
}
