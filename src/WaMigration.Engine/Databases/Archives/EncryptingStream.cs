using System.Security.Cryptography;

namespace WaMigration.Databases.Archives;

/// <summary>Encrypts what is written to it, in blocks; its end closes the last one. Leaves the stream under it open.</summary>
internal sealed class EncryptingStream : WriteOnlyStream
{
    private readonly Stream output;
    private readonly string path;
    private readonly byte[] header;
    private readonly AesGcm aes;
    private readonly byte[] block = new byte[ArchiveCipher.BlockSize];
    private readonly byte[] text = new byte[ArchiveCipher.BlockSize];
    private readonly byte[] tag = new byte[ArchiveCipher.TagLength];
    private int filled;
    private uint number;
    private bool isEnded;

    internal EncryptingStream(Stream output, ArchiveCipher cipher, string path)
    {
        this.output = output;
        this.path = path;
        aes = cipher.Cipher();
        header = cipher.Header();
        output.Write(header, 0, header.Length);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        while (count > 0)
        {
            if (filled == block.Length)
            {
                Close(isLast: false);
            }

            var step = Math.Min(count, block.Length - filled);
            Buffer.BlockCopy(buffer, offset, block, filled, step);
            (filled, offset, count) = (filled + step, offset + step, count - step);
        }
    }

    /// <summary>Writes the last block. Without it the file counts as cut off.</summary>
    internal void End()
    {
        if (!isEnded)
        {
            isEnded = true;
            Close(isLast: true);
        }
    }

    protected override void Dispose(bool disposing)
    {
        aes.Dispose();
        base.Dispose(disposing);
    }

    private void Close(bool isLast)
    {
        aes.Encrypt(ArchiveCipher.Nonce(header, checked(number++)), block.AsSpan(0, filled), text.AsSpan(0, filled), tag, ArchiveCipher.Context(path, isLast));
        output.Write(tag, 0, tag.Length);
        output.Write(text, 0, filled);
        filled = 0;
    }
}
