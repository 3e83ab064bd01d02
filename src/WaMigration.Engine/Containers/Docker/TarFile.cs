using System.Text;

namespace WaMigration.Containers.Docker;

/// <summary>Takes the first ordinary file out of a tar stream, as Docker's archive request gives for one path.</summary>
internal static class TarFile
{
    private const int BlockLength = 512;
    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int TypeOffset = 156;

    /// <summary>More than any file that is read this way has; a wrong path must not fill the memory.</summary>
    private const long MaxLength = 16 * 1024 * 1024;

    /// <summary>Null where the archive holds no ordinary file.</summary>
    internal static async Task<byte[]?> ReadFirstAsync(Stream tar, CancellationToken cancellation)
    {
        var header = new byte[BlockLength];
        while (await FillAsync(tar, header, cancellation).ConfigureAwait(false) && header[0] != 0)
        {
            var size = SizeOf(header);
            if (size is < 0 or > MaxLength)
            {
                throw new InvalidDataException("The archive from the Docker host is damaged or too large.");
            }

            var content = new byte[size];
            if (!await FillAsync(tar, content, cancellation).ConfigureAwait(false))
            {
                throw new EndOfStreamException("The archive from the Docker host ends too early.");
            }

            if (header[TypeOffset] is 0 or (byte)'0')
            {
                return content;
            }

            var padding = new byte[(BlockLength - (size % BlockLength)) % BlockLength];
            await FillAsync(tar, padding, cancellation).ConfigureAwait(false);
        }

        return null;
    }

    private static long SizeOf(byte[] header)
    {
        var text = Encoding.ASCII.GetString(header, SizeOffset, SizeLength).Trim(' ', '\0');
        long size = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7')
            {
                return -1;
            }

            size = (size * 8) + (digit - '0');
        }

        return size;
    }

    private static async Task<bool> FillAsync(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        var done = 0;
        while (done < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer, done, buffer.Length - done, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}
