namespace WaMigration.Media;

/// <summary>What all sources have together.</summary>
internal sealed class MediaUnion
{
    private const int MostNamed = 10;
    private readonly Dictionary<string, (MediaEntry Entry, IMediaSource Source)> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<IMediaSource, long> bytes = [];

    internal IEnumerable<MediaEntry> Entries => entries.Values.Select(one => one.Entry);

    internal IEnumerable<MediaEntry> Files => Entries.Where(entry => entry.Kind != MediaKind.Folder);

    internal MediaEntry? Find(string name) => entries.TryGetValue(name, out var one) ? one.Entry : null;

    internal IMediaSource SourceOf(string name) => entries[name].Source;

    /// <summary>The size of everything that a source has.</summary>
    internal long BytesOf(IMediaSource source) => bytes[source];

    /// <exception cref="WaException">MediaNameWithTwoContents.</exception>
    internal static async Task<MediaUnion> ReadAsync(IReadOnlyList<IMediaSource> sources, MediaOptions options, Operation operation)
    {
        var union = new MediaUnion();
        foreach (var source in sources)
        {
            var listed = await source.ListAsync(options.Verify, operation).ConfigureAwait(false);
            union.bytes[source] = listed.Values.Sum(entry => entry.Size);
            await union.AddAsync(source, listed, operation).ConfigureAwait(false);
        }

        return union;
    }

    private async Task AddAsync(IMediaSource source, IReadOnlyDictionary<string, MediaEntry> listed, Operation operation)
    {
        var twice = listed.Values.Where(entry => entry.Kind != MediaKind.Folder && entries.ContainsKey(entry.Name)).ToList();
        foreach (var other in twice.Select(entry => SourceOf(entry.Name)).Distinct().ToList())
        {
            await RequireSameAsync(source, other, twice.Where(entry => SourceOf(entry.Name) == other).ToList(), operation).ConfigureAwait(false);
        }

        foreach (var entry in listed.Values.Where(entry => !entries.ContainsKey(entry.Name)))
        {
            entries[entry.Name] = (entry, source);
        }
    }

    /// <summary>By their content, whatever their times are.</summary>
    private async Task RequireSameAsync(IMediaSource source, IMediaSource other, IReadOnlyList<MediaEntry> twice, Operation operation)
    {
        var differing = twice.Where(entry => entries[entry.Name].Entry is var known && (known.Kind != entry.Kind || known.Size != entry.Size)).Select(entry => entry.Name).ToList();
        if (differing.Count == 0)
        {
            var names = twice.Where(entry => entry.Kind == MediaKind.File).Select(entry => entry.Name).ToList();
            var first = await other.HashAsync(names, operation).ConfigureAwait(false);
            var second = await source.HashAsync(names, operation).ConfigureAwait(false);
            differing = names.Where(name => first.TryGetValue(name, out var one) && second.TryGetValue(name, out var two) && one != two).ToList();
        }

        if (differing.Count > 0)
        {
            throw MediaErrors.MediaNameWithTwoContents.Error(differing[0], null, Named(differing), other.Name, source.Name, differing.Count);
        }
    }

    /// <summary>The first names, as evidence.</summary>
    internal static IReadOnlyList<string> Named(IReadOnlyCollection<string> names) => names.Take(MostNamed).ToList();
}
