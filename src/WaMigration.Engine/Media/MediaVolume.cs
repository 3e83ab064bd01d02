using WaMigration.Containers;
using WaMigration.Media.Tar;

namespace WaMigration.Media;

/// <summary>
/// The media volume of one Docker host. It is read and written through a container of the client's own image that is
/// never started; what is in it is listed and hashed on the host itself, by a shell in a container of the same image that
/// has no network, no variable of the client and the volume read-only. Where the image has no shell, everything is read.
/// </summary>
internal sealed class MediaVolume : IMediaSource, IMediaTarget
{
    internal const string Folder = "/usr/local/wamedia";
    private const string Parent = "/usr/local";
    private const string FolderName = "wamedia";
    private const int MostEntriesASend = 1000;
    private const long MostBytesASend = 64L * 1024 * 1024;
    private readonly IDockerHost host;
    private readonly ContainerMount mount;
    private readonly string image;
    private readonly bool isWritten;
    private readonly MediaLister lister;
    private string? holder;

    internal MediaVolume(IDockerHost host, ContainerMount mount, string image, bool isWritten)
    {
        this.host = host;
        this.image = image;
        this.isWritten = isWritten;
        this.mount = mount;
        lister = new MediaLister(host, Definition("list", isReadOnly: true) with { Entrypoint = ["/bin/sh"] }, Folder);
    }

    public string Name => MediaErrors.Phrase("VolumeName", Volume, host.Address);

    /// <summary>What is the same for two that are one.</summary>
    internal required string Identity { get; init; }

    internal string Volume => mount.Source;

    internal Uri Host => host.Address;

    public async Task<IReadOnlyDictionary<string, MediaEntry>> ListAsync(bool withHashes, Operation operation)
    {
        if (await lister.ListAsync(operation.Cancellation).ConfigureAwait(false) is not { } listed)
        {
            operation.Console.Verbose(MediaErrors.Phrase("ReadsAll", Name));
            return await MediaReading.ListAsync(OpenWhole(null, operation), operation).ConfigureAwait(false);
        }

        return withHashes
            ? MediaReading.With(listed, await HashAsync(MediaReading.Files(listed), operation).ConfigureAwait(false))
            : listed;
    }

    public async Task<IReadOnlyDictionary<string, string>> HashAsync(IReadOnlyCollection<string> names, Operation operation) =>
        await lister.HashAsync(names, operation.Cancellation).ConfigureAwait(false)
        ?? await MediaReading.HashAsync(OpenWhole(new HashSet<string>(names, StringComparer.Ordinal), operation), operation).ConfigureAwait(false);

    public IMediaFeed Open(IReadOnlyCollection<MediaEntry> wanted, long allBytes, Operation operation)
    {
        var bytes = wanted.Sum(entry => entry.Size);
        return OneByOne.Pays(wanted.Count, bytes, allBytes)
            ? new OneByOne(wanted.Select(entry => entry.Name), OpenOneAsync)
            : OpenWhole(new HashSet<string>(wanted.Select(entry => entry.Name), StringComparer.Ordinal), operation);
    }

    public async Task WriteAsync(IMediaFeed feed, Operation operation)
    {
        var container = await HolderAsync(operation.Cancellation).ConfigureAwait(false);
        for (var next = await feed.NextAsync(operation.Cancellation).ConfigureAwait(false); next is not null;)
        {
            using var archive = new TarFeedStream(feed, next, FolderName, MostEntriesASend, MostBytesASend);
            try
            {
                // Beside the volume and not in it: what an archive says of the folder itself that it is unpacked into, Docker leaves out.
                await host.WriteArchiveAsync(container, Parent, archive, operation.Cancellation).ConfigureAwait(false);
            }
            catch (WaException refused) when (refused.Kind == ContainerErrors.DockerRefused && refused.Message.Has("no space left"))
            {
                throw MediaErrors.MediaNoRoom.Error(Name, refused, []);
            }

            next = archive.Next;
        }
    }

    public Task CompleteAsync(Operation operation) => Task.CompletedTask;

    /// <summary>Removes the containers of this run, and those that a killed one left.</summary>
    internal async Task CleanAsync(CancellationToken cancellation)
    {
        foreach (var container in await host.ListContainersAsync(cancellation).ConfigureAwait(false))
        {
            if (container.Labels.TryGetValue(ClientVariables.HelperLabel, out var volume) && volume == Volume)
            {
                await host.StopContainerAsync(container.Id, TimeSpan.Zero, cancellation).ConfigureAwait(false);
                await host.RemoveContainerAsync(container.Id, cancellation).ConfigureAwait(false);
            }
        }

        holder = null;
    }

    public void Dispose()
    {
        // Its containers are removed by CleanAsync; nothing else is held.
    }

    private async Task<string> HolderAsync(CancellationToken cancellation) =>
        holder ??= await host.CreateContainerAsync(Definition("hold", isReadOnly: !isWritten), cancellation).ConfigureAwait(false);

    private ContainerDefinition Definition(string purpose, bool isReadOnly) => new()
    {
        Name = $"wamigration-media-{purpose}-{Guid.NewGuid().ToString("N").Substring(0, 8)}",
        Image = image,
        Command = ["/bin/true"],
        User = "0",
        LogDriver = "json-file",
        NetworkMode = "none",
        Labels = new Dictionary<string, string> { [ClientVariables.HelperLabel] = Volume },
        Mounts = [mount with { Target = Folder, ReadOnly = isReadOnly }],
    };

    private VolumeFeed OpenWhole(ISet<string>? wanted, Operation operation) => new(
        async cancellation => await host.OpenArchiveAsync(await HolderAsync(cancellation).ConfigureAwait(false), Folder, cancellation).ConfigureAwait(false)
            ?? throw MediaErrors.MediaVolumeMissing.Error(Volume, host.Address),
        FolderName,
        wanted,
        name => OpenOneAsync(name, operation.Cancellation));

    private async Task<(Stream Archive, TarReader Reader, MediaItem Item)?> OpenOneAsync(string name, CancellationToken cancellation)
    {
        var container = await HolderAsync(cancellation).ConfigureAwait(false);
        if (await host.OpenArchiveAsync(container, name == MediaEntry.Root ? Folder : Folder + "/" + name, cancellation).ConfigureAwait(false) is not { } archive)
        {
            return null;
        }

        var reader = new TarReader(archive);
        var header = await reader.NextAsync(cancellation).ConfigureAwait(false);
        if (header is null)
        {
            archive.Dispose();
            return null;
        }

        return (archive, reader, new MediaItem(VolumeFeed.EntryOf(header, name, Name), reader));
    }
}
