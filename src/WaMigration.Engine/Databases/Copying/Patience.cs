namespace WaMigration.Databases.Copying;

/// <summary>
/// Waits for what asks a server for an answer and cannot be told to stop, or does not hear it. A server that hangs gives
/// none, and nobody who pressed Ctrl+C waits for it: the call is left to end by itself, which it does when its connection does.
/// </summary>
internal static class Patience
{
    /// <summary>How long a session is given to end in good order.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Runs a call, and comes back when it is done, when time is up, or when asked to stop.</summary>
    internal static async Task ForAsync(Action call, TimeSpan limit, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Task.Run(call, CancellationToken.None);
        var first = await Task.WhenAny(running, Task.Delay(limit, over.Token)).ConfigureAwait(false);
        over.Cancel();
        if (first == running)
        {
            await running.ConfigureAwait(false);
            return;
        }

        Leave(running);
    }

    /// <summary>Waits for work that is told to stop by the same token; once it is told, no longer than a limit.</summary>
    internal static async Task<T> ForAsync<T>(Task<T> running, TimeSpan limit, CancellationToken cancellation)
    {
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, over.Token)).ConfigureAwait(false);
            over.Cancel();
        }

        if (!await EndsAsync(running, limit).ConfigureAwait(false))
        {
            throw new OperationCanceledException(cancellation);
        }

        return await running.ConfigureAwait(false);
    }

    /// <summary>Waits for the end of what was told to stop; false where it did not come in time.</summary>
    internal static async Task<bool> EndsAsync(Task running, TimeSpan limit)
    {
        if (running.IsCompleted)
        {
            return true;
        }

        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(running, Task.Delay(limit, over.Token)).ConfigureAwait(false);
        over.Cancel();
        if (first == running)
        {
            return true;
        }

        Leave(running);
        return false;
    }

    /// <summary>What it still throws says nothing new: whoever waited has left for a reason of his own.</summary>
    private static void Leave(Task running) =>
        _ = running.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
