namespace WaMigration.Databases.Copying;

/// <summary>
/// One pool of workers over all databases. Indexes of finished tables are made while others load: at most half of the
/// workers do that as long as rows wait. Rows go to the table that the fewest workers write to: servers extend a table
/// under one lock. The first failure stops the rest, and is thrown when all have stopped.
/// </summary>
internal sealed class CopyPool(int workers) : IDisposable
{
    private readonly object gate = new();
    private readonly List<CopyJob> waiting = [];
    private readonly List<CopyJob> loading = [];
    private readonly SemaphoreSlim signal = new(0);
    private int running;
    private int building;
    private Exception? failure;

    /// <summary>Hands in a job, also from within another.</summary>
    internal void Add(CopyJob job)
    {
        lock (gate)
        {
            waiting.Add(job);
        }

        signal.Release();
    }

    /// <summary>Works until nothing waits and nothing runs.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(stop)))).ConfigureAwait(false);
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => signal.Dispose();

    private async Task WorkAsync(CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            CopyJob? job;
            lock (gate)
            {
                job = Choose();
                if (job is null && running == 0)
                {
                    // Nothing waits and nothing runs that could hand in more: wake the others, so that they see it.
                    signal.Release(workers);
                    return;
                }

                if (job is not null)
                {
                    waiting.Remove(job);
                    running++;
                    building += job.IsBuild ? 1 : 0;
                    if (job.Place is not null)
                    {
                        loading.Add(job);
                    }
                }
            }

            if (job is null)
            {
                await signal.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            try
            {
                await job.Work(stop.Token).ConfigureAwait(false);
            }
            catch (Exception thrown)
            {
                lock (gate)
                {
                    // What others throw because of the stop says nothing of its cause.
                    if (failure is null or OperationCanceledException)
                    {
                        failure = thrown;
                    }
                }

                stop.Stop();
            }
            finally
            {
                lock (gate)
                {
                    running--;
                    building -= job.IsBuild ? 1 : 0;
                    loading.Remove(job);
                }

                signal.Release(workers);
            }
        }
    }

    /// <summary>The best that may run now: builds, then where the fewest work, then the largest.</summary>
    private CopyJob? Choose()
    {
        var builds = building < (workers + 1) / 2 || waiting.All(job => job.IsBuild);
        return waiting
            .Where(job => !job.IsBuild || builds)
            .OrderByDescending(job => job.IsBuild)
            .ThenBy(job => job.Place is null ? 0 : loading.Count(other => ReferenceEquals(other.Place, job.Place)))
            .ThenByDescending(job => job.Size)
            .FirstOrDefault();
    }
}
