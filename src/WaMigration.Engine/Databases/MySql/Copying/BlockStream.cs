using System.Buffers;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Hands blocks from one who writes to one who reads, a few at a time. An end that comes by a failure is thrown to the
/// reader: what he has so far must not pass for all. The copies are borrowed: a gigabyte has four thousand of them, each too
/// large to be collected soon.
/// </summary>
internal sealed class BlockStream : Stream
{
    private const int Ahead = 4;
    private readonly Queue<(byte[] Bytes, int Count)> blocks = new();
    private readonly SemaphoreSlim room = new(Ahead);
    private readonly SemaphoreSlim there = new(0);
    private readonly object gate = new();
    private byte[]? current;
    private int filled;
    private int place;
    private Exception? failure;
    private bool isAtEnd;
    private bool isAbandoned;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes a copy; waits while the reader is behind.</summary>
    internal async Task GiveAsync(byte[] block, int count, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation).ConfigureAwait(false);
        lock (gate)
        {
            if (isAbandoned)
            {
                throw new OperationCanceledException();
            }

            var copy = ArrayPool<byte>.Shared.Rent(count);
            Buffer.BlockCopy(block, 0, copy, 0, count);
            blocks.Enqueue((copy, count));
        }

        there.Release();
    }

    /// <summary>Nothing more comes; with a failure the reader gets it in place of the end.</summary>
    internal void End(Exception? because = null)
    {
        lock (gate)
        {
            failure = because;
            isAtEnd = true;
        }

        there.Release();
    }

    /// <summary>The reader is gone: who gives is not to wait for him.</summary>
    internal void Abandon()
    {
        lock (gate)
        {
            isAbandoned = true;
        }

        room.Release(Ahead);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (place == filled && !Next(() => there.Wait()))
        {
            return 0;
        }

        return Take(buffer, offset, count);
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (place == filled)
        {
            await there.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!Next(() => { }))
            {
                return 0;
            }
        }

        return Take(buffer, offset, count);
    }

#if NET
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (place == filled)
        {
            await there.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!Next(() => { }))
            {
                return 0;
            }
        }

        var taken = Math.Min(buffer.Length, filled - place);
        current.AsSpan(place, taken).CopyTo(buffer.Span);
        place += taken;
        return taken;
    }
#endif

    public override void Flush()
    {
        // Nothing is written to it by this way.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            room.Dispose();
            there.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Next(Action wait)
    {
        wait();
        lock (gate)
        {
            if (blocks.Count > 0)
            {
                if (current is not null)
                {
                    ArrayPool<byte>.Shared.Return(current);
                }

                ((current, filled), place) = (blocks.Dequeue(), 0);
                room.Release();
                return true;
            }

            if (failure is not null)
            {
                throw new IOException(failure.Message, failure);
            }

            // Asked again at the end it says so again.
            there.Release();
            return !isAtEnd;
        }
    }

    private int Take(byte[] buffer, int offset, int count)
    {
        var taken = Math.Min(count, filled - place);
        Buffer.BlockCopy(current!, place, buffer, offset, taken);
        place += taken;
        return taken;
    }
}
