namespace WaMigration.Databases.Copying;

/// <summary>
/// Stops a stream that does not move: commands of a copy have no time limit, since rows may take hours, but a server that
/// hangs must not hang the copy for ever. Waits of the other side do not count.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    /// <summary>Longer than any lock, checkpoint or pause of a disk that a server gets over by itself.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource stop;
    private readonly ITimer timer;
    private volatile bool hasFired;

    internal StallWatch(TimeProvider time, CancellationToken cancellation)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the command, or when nothing moved for too long.</summary>
    internal CancellationToken Token => stop.Token;

    /// <summary>The stream's own time begins or goes on.</summary>
    internal void Wait() => timer.Change(Limit, Timeout.InfiniteTimeSpan);

    /// <summary>A block has moved; what follows is the other side's time.</summary>
    internal void Rest() => timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>What a failure really is: of a stream that was stopped here, that it stood still.</summary>
    internal Exception Explain(Exception failure) => hasFired
        ? new TimeoutException(DatabaseText.Catalog.Format("StreamStalled", Limit.TotalSeconds), failure)
        : failure;

    public void Dispose()
    {
        timer.Dispose();
        stop.Dispose();
    }

    private void Fire()
    {
        hasFired = true;
        try
        {
            stop.Stop();
        }
        catch (ObjectDisposedException)
        {
            // The stream ended at this very moment, and nobody waits any more.
            hasFired = false;
        }
    }
}
