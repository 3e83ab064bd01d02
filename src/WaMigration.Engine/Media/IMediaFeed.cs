namespace WaMigration.Media;

/// <summary>Entries with their content, one after the other.</summary>
internal interface IMediaFeed : IDisposable
{
    /// <summary>The next one; the one before is over then, whether it was read to its end or not. Null at the end.</summary>
    Task<MediaItem?> NextAsync(CancellationToken cancellation);
}

/// <summary>An entry as it is now, with its content where it is a file.</summary>
internal sealed record MediaItem(MediaEntry Entry, Stream Content);
