using System.Security.Cryptography;
using WaMigration.Media.Tar;

namespace WaMigration.Media.Archives;

/// <summary>A file of an archive. Its last bytes are handed out only when all are what the manifest says.</summary>
internal sealed class ProvedStream(Stream inner, MediaEntry entry, Func<string, Exception?, WaException> damaged) : ReadOnlyStream
{
    private readonly SHA256 sha = SHA256.Create();
    private long left = entry.Size;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (left == 0)
        {
            return Task.FromResult(0);
        }

        int read;
        try
        {
            read = inner.Read(buffer, offset, (int)Math.Min(count, left));
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            throw damaged(failure.Message, failure);
        }

        if (read == 0)
        {
            throw damaged(MediaErrors.Phrase("DamagedShort"), null);
        }

        left -= read;
        sha.TransformBlock(buffer, offset, read, null, 0);
        if (left == 0)
        {
            sha.TransformFinalBlock([], 0, 0);
            if (MediaReading.Text(sha.Hash!) != entry.Sha256 || inner.Read(new byte[1], 0, 1) != 0)
            {
                throw damaged(MediaErrors.Phrase("DamagedContent"), null);
            }
        }

        return Task.FromResult(read);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            sha.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
