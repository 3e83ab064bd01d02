using WaMigration.Containers;

namespace WaMigration.Migrations.Checks;

/// <summary>The machines: Docker hosts, images, the API's port, room here.</summary>
internal static class HostChecks
{
    /// <summary>Record, backup and definitions together stay far below this.</summary>
    private const long NeededBytes = 100L * 1024 * 1024;

    internal static Task<CheckFinding?> SourceHostsAsync(CheckContext context) => HostsAsync(context.ServingSource, context.Operation);

    internal static Task<CheckFinding?> DestinationHostsAsync(CheckContext context) => HostsAsync(context.Destination, context.Operation);

    /// <summary>The images that the new client needs are on its hosts, or will have to be pulled.</summary>
    internal static async Task<CheckFinding?> ImagesAsync(CheckContext context)
    {
        if (context.Destination is not { DockerHosts.Count: > 0 } destination || context.DestinationIsInstalled || context.ServingSource is null)
        {
            return null;
        }

        var images = (await context.SourceTopologyAsync().ConfigureAwait(false)).Nodes
            .Where(node => node.Role != WaNodeRole.Database)
            .Select(node => node.Image)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (images.Count == 0)
        {
            return CheckFinding.Warning("ImagesNotKnown");
        }

        var missing = new List<string>();
        foreach (var host in destination.DockerHostConnections(context.Operation))
        {
            foreach (var image in images)
            {
                if (!await host.HasImageAsync(image, context.Operation.Cancellation).ConfigureAwait(false))
                {
                    missing.Add($"{image} ({host.Address})");
                }
            }
        }

        return missing.Count == 0
            ? CheckFinding.Passed("ImagesThere", string.Join(", ", images))
            : CheckFinding.Warning("ImagesMissing", string.Join(", ", missing));
    }

    /// <summary>Nobody else answers where the new API is to answer.</summary>
    internal static async Task<CheckFinding?> WebappPortAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || context.DestinationIsInstalled)
        {
            return null;
        }

        var port = destination.ApiUri.Port;
        foreach (var host in destination.DockerHostConnections(context.Operation))
        {
            foreach (var container in await host.ListContainersAsync(context.Operation.Cancellation).ConfigureAwait(false))
            {
                var detail = await host.InspectContainerAsync(container.Id, context.Operation.Cancellation).ConfigureAwait(false);
                if (detail?.PublishedPorts.Any(published => published.HostPort == port && published.Protocol == "tcp") == true)
                {
                    return CheckFinding.Failed("PortOfContainer", port, detail.Definition.Name, host.Address);
                }
            }
        }

        return await destination.Api(context.Operation).IsAnsweringAsync(context.Operation.Cancellation).ConfigureAwait(false)
            ? CheckFinding.Failed("PortAnswers", destination.ApiUri)
            : CheckFinding.Passed("PortFree", destination.ApiUri);
    }

    /// <summary>The folder's disk has room for what a run writes.</summary>
    internal static Task<CheckFinding?> RoomAsync(CheckContext context)
    {
        if (context.Run is not { } run)
        {
            return Task.FromResult<CheckFinding?>(null);
        }

        var existing = Path.GetFullPath(run.Path);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        try
        {
            var free = new DriveInfo(existing).AvailableFreeSpace;
            return Task.FromResult<CheckFinding?>(free < NeededBytes
                ? CheckFinding.Failed("RoomMissing", run.Path, Megabytes(free), Megabytes(NeededBytes))
                : CheckFinding.Passed("RoomThere", run.Path, Megabytes(free)));
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // A network path has no drive to ask.
            return Task.FromResult<CheckFinding?>(CheckFinding.Warning("RoomNotKnown", run.Path, failure.Message));
        }
    }

    private static long Megabytes(long bytes) => bytes / (1024 * 1024);

    private static async Task<CheckFinding?> HostsAsync(WaSetup? setup, Operation operation)
    {
        if (setup is null)
        {
            return null;
        }

        if (setup.DockerHosts.Count == 0)
        {
            return CheckFinding.Warning("NoDockerHost", setup.Name);
        }

        var versions = new List<string>();
        foreach (var host in setup.DockerHostConnections(operation))
        {
            versions.Add($"{host.Address} {await host.GetVersionAsync(operation.Cancellation).ConfigureAwait(false)}");
        }

        return CheckFinding.Passed("DockerHostsAnswer", string.Join(", ", versions));
    }
}
