using System.Security.Cryptography;

namespace WaMigration.Databases.Archives;

/// <summary>Decrypts a file of an archive as it is read. Nothing of a block is handed out before it is proved.</summary>
internal sealed class DecryptingStream : Stream
{
    private readonly Stream input;
    private readonly string path;
    private readonly byte[] header = new byte[ArchiveCipher.HeaderLength];
    private readonly AesGcm aes;
    private byte[] sealedBlock = new byte[ArchiveCipher.TagLength + ArchiveCipher.BlockSize];
    private byte[] next = new byte[ArchiveCipher.TagLength + ArchiveCipher.BlockSize];
    private readonly byte[] block = new byte[ArchiveCipher.BlockSize];
    private int nextLength;
    private int filled;
    private int at;
    private uint number;
    private bool isEnded;

    internal DecryptingStream(Stream input, ArchiveCipher cipher, string path)
    {
        this.input = input;
        this.path = path;
        aes = cipher.Cipher();
        if (Fill(header) < header.Length || !cipher.Fits(header))
        {
            aes.Dispose();
            throw new InvalidDataException(path);
        }

        nextLength = Fill(next);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (at == filled)
        {
            if (isEnded)
            {
                return 0;
            }

            Open();
        }

        var step = Math.Min(count, filled - at);
        Buffer.BlockCopy(block, at, buffer, offset, step);
        at += step;
        return step;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        aes.Dispose();
        base.Dispose(disposing);
    }

    private void Open()
    {
        (sealedBlock, next) = (next, sealedBlock);
        var length = nextLength;
        nextLength = length == sealedBlock.Length ? Fill(next) : 0;
        isEnded = nextLength == 0;
        if (length < ArchiveCipher.TagLength)
        {
            throw new InvalidDataException(path);
        }

        filled = length - ArchiveCipher.TagLength;
        at = 0;
        try
        {
            aes.Decrypt(ArchiveCipher.Nonce(header, checked(number++)), sealedBlock.AsSpan(ArchiveCipher.TagLength, filled), sealedBlock.AsSpan(0, ArchiveCipher.TagLength), block.AsSpan(0, filled), ArchiveCipher.Context(path, isEnded));
        }
        catch (CryptographicException failure)
        {
            throw new InvalidDataException(path, failure);
        }
    }

    private int Fill(byte[] buffer)
    {
        var read = 0;
        while (read < buffer.Length && input.Read(buffer, read, buffer.Length - read) is > 0 and var step)
        {
            read += step;
        }

        return read;
    }
}
