namespace WaMigration.Media.Tar;

/// <summary>
/// A feed as a tar archive that is read by who sends it. It ends after some files or bytes, so that one archive is no more
/// than can be sent again; the next one goes on with the feed. All names stand under one folder.
/// </summary>
internal sealed class TarFeedStream(IMediaFeed feed, MediaItem first, string root, int mostEntries, long mostBytes) : ReadOnlyStream
{
    private byte[] pending = [];
    private int at;
    private Stream? content;
    private long contentLeft;
    private int padding;
    private int entries;
    private long bytes;
    private bool isEnded;

    /// <summary>What the next archive begins with; null where the feed is at its end.</summary>
    internal MediaItem? Next { get; private set; } = first;

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (at < pending.Length)
            {
                var step = Math.Min(count, pending.Length - at);
                Buffer.BlockCopy(pending, at, buffer, offset, step);
                at += step;
                return step;
            }

            if (content is not null)
            {
                var read = contentLeft == 0 ? 0 : await content.ReadAsync(buffer, offset, (int)Math.Min(count, contentLeft), cancellationToken).ConfigureAwait(false);
                if (read > 0)
                {
                    contentLeft -= read;
                    bytes += read;
                    return read;
                }

                if (contentLeft > 0)
                {
                    throw new EndOfStreamException(Next?.Entry.Name);
                }

                await EndContentAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (isEnded)
            {
                return 0;
            }

            Begin();
        }
    }

    private void Begin()
    {
        at = 0;
        if (Next is not { } item || entries >= mostEntries || bytes >= mostBytes)
        {
            pending = TarBlocks.End;
            isEnded = true;
            return;
        }

        entries++;
        pending = TarBlocks.Write(HeaderOf(item.Entry));
        contentLeft = item.Entry.Kind == MediaKind.File ? item.Entry.Size : 0;
        padding = TarBlocks.Padding(contentLeft);
        content = item.Content;
    }

    private async Task EndContentAsync(CancellationToken cancellation)
    {
        content = null;
        pending = new byte[padding];
        at = 0;
        Next = await feed.NextAsync(cancellation).ConfigureAwait(false);
    }

    private TarHeader HeaderOf(MediaEntry entry) => new()
    {
        Name = root + (entry.Name == MediaEntry.Root ? string.Empty : "/" + entry.Name) + (entry.Kind == MediaKind.Folder ? "/" : string.Empty),
        Type = entry.Kind switch
        {
            MediaKind.Folder => TarHeader.Folder,
            MediaKind.Link => TarHeader.SymbolicLink,
            _ => TarHeader.File,
        },
        Size = entry.Kind == MediaKind.File ? entry.Size : 0,
        Mode = entry.Mode,
        UserId = entry.UserId,
        GroupId = entry.GroupId,
        ModifiedAt = entry.ModifiedAt,
        LinkName = entry.Link,
    };
}
