using System.Security.Cryptography;
using WaMigration.Media.Tar;

namespace WaMigration.Media;

/// <summary>What goes over: hashes and counts it, and remembers whether it was the source that failed.</summary>
internal sealed class MediaTransfer(IMediaFeed feed, MediaProgress progress) : IMediaFeed
{
    private Hashed? current;

    /// <summary>Entries that went over, files with their hashes.</summary>
    internal Dictionary<string, MediaEntry> Moved { get; } = new(StringComparer.Ordinal);

    /// <summary>How the source failed; null where it did not.</summary>
    internal Exception? Failure { get; private set; }

    public async Task<MediaItem?> NextAsync(CancellationToken cancellation)
    {
        current?.End();
        current = null;
        try
        {
            if (await feed.NextAsync(cancellation).ConfigureAwait(false) is not { } item)
            {
                return null;
            }

            current = new Hashed(this, item);
            return item with { Content = current };
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failure = failure;
            throw;
        }
    }

    public void Dispose()
    {
        current?.Dispose();
        feed.Dispose();
    }

    private sealed class Hashed(MediaTransfer owner, MediaItem item) : ReadOnlyStream
    {
        private readonly SHA256 sha = SHA256.Create();
        private long left = item.Entry.Kind == MediaKind.File ? item.Entry.Size : 0;

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            try
            {
                var read = await item.Content.ReadAsync(buffer, offset, (int)Math.Min(count, left), cancellationToken).ConfigureAwait(false);
                sha.TransformBlock(buffer, offset, read, null, 0);
                left -= read;
                owner.Tell(read, item.Entry.Name);
                return read;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                owner.Failure = failure;
                throw;
            }
        }

        internal void End()
        {
            if (left == 0)
            {
                sha.TransformFinalBlock([], 0, 0);
                owner.Moved[item.Entry.Name] = item.Entry.Kind == MediaKind.File ? item.Entry with { Sha256 = MediaReading.Text(sha.Hash!) } : item.Entry;
            }

            Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            sha.Dispose();
            base.Dispose(disposing);
        }
    }

    private void Tell(int bytes, string name) => progress.Moved(bytes, name);
}
