using WaMigration.Media.Tar;

namespace WaMigration.Media;

/// <summary>A whole volume as it comes from its host, of which only some entries are handed on.</summary>
internal sealed class VolumeFeed(
    Func<CancellationToken, Task<Stream>> open,
    string root,
    ISet<string>? wanted,
    Func<string, Task<(Stream Archive, TarReader Reader, MediaItem Item)?>> openOne) : IMediaFeed
{
    private Stream? archive;
    private Stream? single;
    private TarReader? reader;

    public async Task<MediaItem?> NextAsync(CancellationToken cancellation)
    {
        single?.Dispose();
        single = null;
        archive ??= await open(cancellation).ConfigureAwait(false);
        reader ??= new TarReader(archive);
        while (await reader.NextAsync(cancellation).ConfigureAwait(false) is { } header)
        {
            var name = NameOf(header.Name);
            if (wanted?.Contains(name) == false)
            {
                continue;
            }

            if (header.Type != TarHeader.HardLink)
            {
                return new MediaItem(EntryOf(header, name, root), reader);
            }

            // A second name of one file: asked for alone, it is that file.
            if (await openOne(name).ConfigureAwait(false) is { } one)
            {
                single = one.Archive;
                return one.Item;
            }
        }

        return null;
    }

    public void Dispose()
    {
        single?.Dispose();
        archive?.Dispose();
    }

    /// <exception cref="WaException">MediaEntryNotCarried.</exception>
    internal static MediaEntry EntryOf(TarHeader header, string name, string place) => new()
    {
        Name = name,
        Kind = header.Type switch
        {
            TarHeader.File or '7' => MediaKind.File,
            TarHeader.Folder => MediaKind.Folder,
            TarHeader.SymbolicLink => MediaKind.Link,
            _ => throw MediaErrors.MediaEntryNotCarried.Error(name, place),
        },
        Size = header.Type == TarHeader.SymbolicLink ? System.Text.Encoding.UTF8.GetByteCount(header.LinkName) : header.Size,
        Mode = header.Mode & 0xFFF,
        UserId = header.UserId,
        GroupId = header.GroupId,
        ModifiedAt = header.ModifiedAt,
        Link = header.LinkName,
    };

    private string NameOf(string said)
    {
        var name = said.TrimEnd('/');
        return name == root ? MediaEntry.Root
            : name.StartsWith(root + "/", StringComparison.Ordinal) ? name.Substring(root.Length + 1)
            : throw new InvalidDataException($"'{said}' is not in {root}.");
    }
}
