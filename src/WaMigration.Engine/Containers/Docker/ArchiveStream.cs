using WaMigration.Media.Tar;

namespace WaMigration.Containers.Docker;

/// <summary>
/// An archive that comes from a Docker host, or goes to one. A host that stands still is given up after a time; the time
/// that the other side of the stream takes does not count. Failures of the stream are the host's.
/// </summary>
internal sealed class ArchiveStream : ReadOnlyStream
{
    private readonly Stream inner;
    private readonly IDisposable owner;
    private readonly CancellationTokenSource stall;
    private readonly TimeSpan limit;
    private readonly Func<Exception, CancellationToken, WaException> translate;

    internal ArchiveStream(Stream inner, IDisposable owner, CancellationTokenSource stall, TimeSpan limit, Func<Exception, CancellationToken, WaException> translate)
    {
        this.inner = inner;
        this.owner = owner;
        this.stall = stall;
        this.limit = limit;
        this.translate = translate;
        stall.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        stall.CancelAfter(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            return await inner.ReadAsync(buffer, offset, count, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (DockerFailures.IsExpected(failure))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw translate(failure, stall.Token);
        }
        finally
        {
            stall.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner.Dispose();
            stall.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>What is sent: while its maker works on it, the host has no part in the time that passes.</summary>
internal sealed class SentStream(Stream inner, CancellationTokenSource stall, TimeSpan limit) : ReadOnlyStream
{
    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        stall.CancelAfter(Timeout.InfiniteTimeSpan);
        var read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        stall.CancelAfter(limit);
        return read;
    }
}
