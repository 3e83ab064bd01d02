using WaMigration.Media.Tar;

namespace WaMigration.Media;

/// <summary>Entries of a volume, each asked for by its name: the way where little of much has changed.</summary>
internal sealed class OneByOne(IEnumerable<string> names, Func<string, CancellationToken, Task<(Stream Archive, TarReader Reader, MediaItem Item)?>> open) : IMediaFeed
{
    /// <summary>What one request costs in bytes that could have come meanwhile.</summary>
    private const long CostOfOne = 500_000;

    private readonly IEnumerator<string> left = names.GetEnumerator();
    private Stream? archive;

    public async Task<MediaItem?> NextAsync(CancellationToken cancellation)
    {
        archive?.Dispose();
        archive = null;
        while (left.MoveNext())
        {
            // One that is gone meanwhile does not come.
            if (await open(left.Current, cancellation).ConfigureAwait(false) is { } one)
            {
                archive = one.Archive;
                return one.Item;
            }
        }

        return null;
    }

    public void Dispose()
    {
        archive?.Dispose();
        left.Dispose();
    }

    internal static bool Pays(int count, long bytes, long allBytes) => (count * CostOfOne) + bytes < allBytes;
}
