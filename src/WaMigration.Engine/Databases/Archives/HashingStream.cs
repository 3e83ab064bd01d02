using System.Security.Cryptography;

namespace WaMigration.Databases.Archives;

/// <summary>Hashes what passes, in either direction. Leaves the stream under it open.</summary>
internal sealed class HashingStream(Stream inner, HashAlgorithm hash) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        hash.TransformBlock(buffer, offset, count, null, 0);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        if (read > 0)
        {
            hash.TransformBlock(buffer, offset, read, null, 0);
        }

        return read;
    }

    /// <summary>Reads what nobody read, and closes the hash.</summary>
    internal void ReadToEnd()
    {
        var rest = new byte[4096];
        while (Read(rest, 0, rest.Length) > 0)
        {
            // Only the hash wants it.
        }

        hash.TransformFinalBlock([], 0, 0);
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
