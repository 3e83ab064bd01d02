namespace WaSimulator.Nodes;

/// <summary>Wakes one waiting loop; several calls before it looks are one.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already set: the loop has not looked yet.
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
    }

    /// <summary>Waits for the signal, but no longer than so.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => semaphore.WaitAsync(atMost, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}
