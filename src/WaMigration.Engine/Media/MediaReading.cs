using System.Security.Cryptography;
using WaMigration.Security;

namespace WaMigration.Media;

/// <summary>Lists and hashes by reading everything.</summary>
internal static class MediaReading
{
    private const int BlockSize = 128 * 1024;

    /// <summary>Everything of a feed, with the hashes of its files.</summary>
    internal static async Task<IReadOnlyDictionary<string, MediaEntry>> ListAsync(IMediaFeed feed, Operation operation)
    {
        using (feed)
        {
            var entries = new Dictionary<string, MediaEntry>(StringComparer.Ordinal);
            while (await feed.NextAsync(operation.Cancellation).ConfigureAwait(false) is { } item)
            {
                entries[item.Entry.Name] = item.Entry.Kind == MediaKind.File
                    ? item.Entry with { Sha256 = await HashAsync(item.Content, operation.Cancellation).ConfigureAwait(false) }
                    : item.Entry;
            }

            return entries;
        }
    }

    internal static async Task<IReadOnlyDictionary<string, string>> HashAsync(IMediaFeed feed, Operation operation) =>
        (await ListAsync(feed, operation).ConfigureAwait(false)).Values
            .Where(entry => entry.Sha256 is not null)
            .ToDictionary(entry => entry.Name, entry => entry.Sha256!, StringComparer.Ordinal);

    internal static IReadOnlyDictionary<string, MediaEntry> With(IReadOnlyDictionary<string, MediaEntry> entries, IReadOnlyDictionary<string, string> hashes) =>
        entries.ToDictionary(
            entry => entry.Key,
            entry => hashes.TryGetValue(entry.Key, out var hash) ? entry.Value with { Sha256 = hash } : entry.Value,
            StringComparer.Ordinal);

    internal static IReadOnlyCollection<string> Files(IReadOnlyDictionary<string, MediaEntry> entries) =>
        entries.Values.Where(entry => entry.Kind == MediaKind.File).Select(entry => entry.Name).ToList();

    /// <summary>As sha256sum writes it.</summary>
    internal static string Text(byte[] hash) => Sha256.Text(hash).ToLowerInvariant();

    private static async Task<string> HashAsync(Stream content, CancellationToken cancellation)
    {
        using var sha = SHA256.Create();
        var block = new byte[BlockSize];
        int read;
        while ((read = await content.ReadAsync(block, 0, block.Length, cancellation).ConfigureAwait(false)) > 0)
        {
            sha.TransformBlock(block, 0, read, null, 0);
        }

        sha.TransformFinalBlock([], 0, 0);
        return Text(sha.Hash!);
    }
}
