namespace WaMigration.Media;

/// <summary>
/// Brings a place to what the sources have together. Both are listed, what differs goes over, and both are listed again:
/// so a copy that was cut goes on, a second one moves only what has changed, and every copy proves itself.
/// </summary>
internal sealed class MediaCopier(IReadOnlyList<IMediaSource> sources, IMediaTarget target, MediaOptions options, Operation operation)
{
    /// <summary>With nobody writing, the second look finds nothing to do.</summary>
    private const int MostRounds = 4;

    private readonly Dictionary<string, MediaEntry> moved = new(StringComparer.Ordinal);
    private readonly MediaProgress progress = new(operation, MediaErrors.Phrase("Activity", target.Name));
    private IReadOnlyDictionary<string, MediaEntry> there = new Dictionary<string, MediaEntry>();
    private MediaUnion union = new();
    private int foundThere = -1;

    internal async Task<WaMediaCopy> RunAsync()
    {
        var start = operation.Time.GetTimestamp();
        List<string> left = [];
        try
        {
            for (var round = 1; ; round++)
            {
                var differing = await LookAsync(round).ConfigureAwait(false);
                left = differing.Select(entry => entry.Name).ToList();
                if (differing.Count == 0 || (options.AllowActiveClient && round > 2))
                {
                    break;
                }

                if (round > MostRounds)
                {
                    throw MediaErrors.MediaChanging.Error(left[0], null, MediaUnion.Named(left), sources[0].Name, left.Count);
                }

                await MoveAsync(differing).ConfigureAwait(false);
            }

            await VerifyAsync(left).ConfigureAwait(false);
            await target.CompleteAsync(operation).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }

        var files = moved.Values.Where(entry => entry.Kind != MediaKind.Folder).ToList();
        return new WaMediaCopy
        {
            Source = sources.Select(source => source.Name).ToList(),
            Destination = target.Name,
            Path = (target as Archives.MediaArchive)?.Folder,
            Files = union.Files.Count(),
            Bytes = union.Files.Sum(entry => entry.Size),
            Moved = files.Count,
            MovedBytes = files.Sum(entry => entry.Size),
            AlreadyThere = foundThere,
            OnlyAtDestination = there.Values.Where(entry => entry.Kind != MediaKind.Folder && union.Find(entry.Name) is null).Select(entry => entry.Name).OrderBy(name => name, StringComparer.Ordinal).ToList(),
            Unsettled = left,
            Duration = operation.Time.GetElapsedTime(start),
        };
    }

    /// <summary>What is not there, or not as it is at its source.</summary>
    private async Task<IReadOnlyList<MediaEntry>> LookAsync(int round)
    {
        progress.Tell(MediaErrors.Phrase("Listing"));

        // What this run moved is proved by the hashes of what went over.
        var look = round == 1 ? options : options with { Verify = false };
        union = await MediaUnion.ReadAsync(sources, look, operation).ConfigureAwait(false);
        there = await target.ListAsync(look.Verify, operation).ConfigureAwait(false);
        var differing = new List<MediaEntry>();
        foreach (var entry in union.Entries)
        {
            var present = there.TryGetValue(entry.Name, out var found) ? found : null;
            if (present is not null && (present.Kind == MediaKind.Folder) != (entry.Kind == MediaKind.Folder))
            {
                throw MediaErrors.MediaKindDiffers.Error(entry.Name, target.Name);
            }

            if (present is null || !entry.IsAs(present))
            {
                differing.Add(entry);
            }
        }

        foundThere = foundThere < 0 ? union.Files.Count() - differing.Count(entry => entry.Kind != MediaKind.Folder) : foundThere;
        var broken = differing.Where(entry => entry.Kind == MediaKind.File && moved.TryGetValue(entry.Name, out var sent) && entry.IsAs(sent)).Select(entry => entry.Name).ToList();
        return broken.Count == 0 ? differing : throw MediaErrors.MediaNotVerified.Error(broken[0], null, MediaUnion.Named(broken), target.Name, broken.Count);
    }

    private async Task MoveAsync(IReadOnlyList<MediaEntry> differing)
    {
        progress.Expect(differing.Where(entry => entry.Kind == MediaKind.File).Sum(entry => entry.Size));
        await WriteFoldersAsync(differing.Where(entry => entry.Kind == MediaKind.Folder)).ConfigureAwait(false);
        var files = differing.Where(entry => entry.Kind != MediaKind.Folder).ToList();
        foreach (var some in files.GroupBy(entry => union.SourceOf(entry.Name)))
        {
            await MoveFromAsync(some.Key, some.ToList()).ConfigureAwait(false);
        }

        // A file that was put into a folder has changed its time.
        var touched = new HashSet<string>(files.Select(entry => FolderOf(entry.Name)), StringComparer.Ordinal);
        touched.UnionWith(differing.Where(entry => entry.Kind == MediaKind.Folder).SelectMany(entry => new[] { entry.Name, FolderOf(entry.Name) }));
        await WriteFoldersAsync(union.Entries.Where(entry => entry.Kind == MediaKind.Folder && touched.Contains(entry.Name))).ConfigureAwait(false);
    }

    private async Task MoveFromAsync(IMediaSource source, IReadOnlyList<MediaEntry> files)
    {
        using var transfer = new MediaTransfer(source.Open(files, union.BytesOf(source), operation), progress);
        try
        {
            await target.WriteAsync(transfer, operation).ConfigureAwait(false);
        }
        catch (Exception) when (transfer.Failure is EndOfStreamException or InvalidDataException)
        {
            // A file that grows or shrinks while it is packed spoils the archive behind it. The next look shows what is left.
            operation.Console.Verbose(MediaErrors.Phrase("StreamBroke", source.Name, transfer.Failure.Message));
        }
        catch (Exception) when (transfer.Failure is WaException failure)
        {
            throw failure;
        }

        foreach (var entry in transfer.Moved)
        {
            moved[entry.Key] = entry.Value;
        }
    }

    /// <summary>The outer ones first.</summary>
    private Task WriteFoldersAsync(IEnumerable<MediaEntry> folders)
    {
        var ordered = folders.OrderBy(entry => entry.Name == MediaEntry.Root ? string.Empty : entry.Name, StringComparer.Ordinal).ToList();
        return ordered.Count == 0 ? Task.CompletedTask : target.WriteAsync(new FolderFeed(ordered), operation);
    }

    /// <summary>What went over is read again where it is now.</summary>
    private async Task VerifyAsync(IReadOnlyList<string> left)
    {
        progress.Tell(MediaErrors.Phrase("Verifying"));
        var names = moved.Values.Where(entry => entry.Sha256 is not null && there.ContainsKey(entry.Name)).Select(entry => entry.Name).Except(left, StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return;
        }

        var hashes = await target.HashAsync(names, operation).ConfigureAwait(false);
        var broken = names.Where(name => !hashes.TryGetValue(name, out var hash) || hash != moved[name].Sha256).ToList();
        if (broken.Count > 0)
        {
            throw MediaErrors.MediaNotVerified.Error(broken[0], null, MediaUnion.Named(broken), target.Name, broken.Count);
        }
    }

    private static string FolderOf(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash < 0 ? MediaEntry.Root : name.Substring(0, slash);
    }

    private sealed class FolderFeed(IReadOnlyList<MediaEntry> folders) : IMediaFeed
    {
        private int at;

        public Task<MediaItem?> NextAsync(CancellationToken cancellation) =>
            Task.FromResult(at < folders.Count ? new MediaItem(folders[at++], Stream.Null) : null);

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
