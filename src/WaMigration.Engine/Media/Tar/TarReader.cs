using System.Globalization;
using System.Text;

namespace WaMigration.Media.Tar;

/// <summary>
/// Reads a tar archive as it comes, entry after entry: ustar, with PAX records and GNU's long names. As a stream it is the
/// content of the entry it stands on.
/// </summary>
internal sealed class TarReader(Stream archive) : ReadOnlyStream
{
    private const char PaxType = 'x';
    private const char PaxGlobalType = 'g';
    private const char LongNameType = 'L';
    private const char LongLinkType = 'K';

    /// <summary>Longer records than any real one must not fill the memory.</summary>
    private const long LongestRecord = 1024 * 1024;

    private long left;
    private int padding;

    /// <summary>Goes to the next entry; null at the end.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    internal async Task<TarHeader?> NextAsync(CancellationToken cancellation)
    {
        var records = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            await SkipAsync(cancellation).ConfigureAwait(false);
            var block = new byte[TarBlocks.Length];
            await FillAsync(block, cancellation).ConfigureAwait(false);
            if (TarBlocks.Read(block) is not { } header)
            {
                await DrainAsync(cancellation).ConfigureAwait(false);
                return null;
            }

            switch (header.Type)
            {
                case PaxType:
                    ReadRecords(await RecordAsync(header.Size, cancellation).ConfigureAwait(false), records);
                    continue;
                case PaxGlobalType:
                    await RecordAsync(header.Size, cancellation).ConfigureAwait(false);
                    continue;
                case LongNameType:
                    records["path"] = Encoding.UTF8.GetString(await RecordAsync(header.Size, cancellation).ConfigureAwait(false)).TrimEnd('\0');
                    continue;
                case LongLinkType:
                    records["linkpath"] = Encoding.UTF8.GetString(await RecordAsync(header.Size, cancellation).ConfigureAwait(false)).TrimEnd('\0');
                    continue;
                default:
                    var whole = With(header, records);
                    var hasContent = whole.Type is TarHeader.File or '7';
                    left = hasContent ? whole.Size : 0;
                    padding = hasContent ? TarBlocks.Padding(whole.Size) : 0;
                    return whole;
            }
        }
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = left == 0 ? 0 : await archive.ReadAsync(buffer, offset, (int)Math.Min(count, left), cancellationToken).ConfigureAwait(false);
        if (read == 0 && left > 0 && count > 0)
        {
            throw new EndOfStreamException("The archive is cut off.");
        }

        left -= read;
        return read;
    }

    private static TarHeader With(TarHeader header, Dictionary<string, string> records) => header with
    {
        Name = records.TryGetValue("path", out var name) ? name : header.Name,
        LinkName = records.TryGetValue("linkpath", out var link) ? link : header.LinkName,
        Size = Number(records, "size") ?? header.Size,
        UserId = Number(records, "uid") ?? header.UserId,
        GroupId = Number(records, "gid") ?? header.GroupId,
        ModifiedAt = Number(records, "mtime") ?? header.ModifiedAt,
    };

    /// <summary>Times may have a fraction, which Docker does not keep either.</summary>
    private static long? Number(Dictionary<string, string> records, string key) => !records.TryGetValue(key, out var text)
        ? null
        : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (long)Math.Floor(value)
            : throw new InvalidDataException("The archive is damaged.");

    private static void ReadRecords(byte[] content, Dictionary<string, string> records)
    {
        for (var at = 0; at < content.Length;)
        {
            var space = Array.IndexOf(content, (byte)' ', at);
            if (space < 0
                || !int.TryParse(Encoding.ASCII.GetString(content, at, space - at), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space - at + 1
                || at + length > content.Length)
            {
                throw new InvalidDataException("The archive is damaged.");
            }

            var text = Encoding.UTF8.GetString(content, space + 1, at + length - space - 2);
            var equals = text.IndexOf('=');
            if (equals > 0)
            {
                records[text.Substring(0, equals)] = text.Substring(equals + 1);
            }

            at += length;
        }
    }

    private async Task<byte[]> RecordAsync(long size, CancellationToken cancellation)
    {
        if (size is < 0 or > LongestRecord)
        {
            throw new InvalidDataException("The archive is damaged.");
        }

        var content = new byte[size];
        await FillAsync(content, cancellation).ConfigureAwait(false);
        padding = TarBlocks.Padding(size);
        return content;
    }

    private async Task SkipAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (left > 0)
        {
            await ReadAsync(buffer, 0, buffer.Length, cancellation).ConfigureAwait(false);
        }

        await FillAsync(new byte[padding], cancellation).ConfigureAwait(false);
        padding = 0;
    }

    private async Task DrainAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (await archive.ReadAsync(buffer, 0, buffer.Length, cancellation).ConfigureAwait(false) > 0)
        {
            // Read to its end, the connection is left in good order.
        }
    }

    private async Task FillAsync(byte[] buffer, CancellationToken cancellation)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var read = await archive.ReadAsync(buffer, done, buffer.Length - done, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("The archive is cut off.");
            }

            done += read;
        }
    }
}
