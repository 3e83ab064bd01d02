namespace WaMigration.Media;

/// <summary>Where media lie: the volume of a Docker host, or an archive.</summary>
internal interface IMediaPlace : IDisposable
{
    /// <summary>What messages call it.</summary>
    string Name { get; }

    /// <summary>Everything in it, by name; with the hashes of all files where they are wanted.</summary>
    Task<IReadOnlyDictionary<string, MediaEntry>> ListAsync(bool withHashes, Operation operation);

    /// <summary>The hashes of some files. One that is gone meanwhile is left out.</summary>
    Task<IReadOnlyDictionary<string, string>> HashAsync(IReadOnlyCollection<string> names, Operation operation);
}

/// <summary>A place that media are taken from.</summary>
internal interface IMediaSource : IMediaPlace
{
    /// <summary>Opens some entries. Those that are gone meanwhile do not come.</summary>
    /// <param name="wanted">The entries.</param>
    /// <param name="allBytes">The size of everything that is there, to choose the way.</param>
    /// <param name="operation">The operation.</param>
    IMediaFeed Open(IReadOnlyCollection<MediaEntry> wanted, long allBytes, Operation operation);
}

/// <summary>A place that media are put into.</summary>
internal interface IMediaTarget : IMediaPlace
{
    /// <summary>Puts all entries of a feed into it, replacing those of the same names.</summary>
    Task WriteAsync(IMediaFeed feed, Operation operation);

    /// <summary>Everything is there.</summary>
    Task CompleteAsync(Operation operation);
}
