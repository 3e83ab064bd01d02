using System.Collections.Concurrent;
using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>
/// Carries what asynchronous work wants to write or ask to the pipeline thread, where alone PowerShell allows it.
/// The queue is bounded, so fast work waits for a slow pipeline. When the downstream has stopped, the work is
/// cancelled and awaited before the stop goes on upwards; a writer that comes later is refused.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    private const int Capacity = 256;
    private readonly PSCmdlet cmdlet;
    private readonly CancellationTokenSource stopping;
    private readonly BlockingCollection<Action<PSCmdlet>> queue = new(Capacity);

    internal PipelinePump(PSCmdlet cmdlet, CancellationTokenSource stopping)
    {
        this.cmdlet = cmdlet;
        this.stopping = stopping;
    }

    /// <summary>Runs the work and pumps until it has ended. Throws what it threw.</summary>
    internal void Run(Func<Task> work)
    {
        var running = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                queue.CompleteAdding();
            }
        });

        Exception? stopped = null;
        foreach (var write in queue.GetConsumingEnumerable())
        {
            if (stopped is not null)
            {
                continue;
            }

            try
            {
                write(cmdlet);
            }
            catch (Exception failure) when (failure is PipelineStoppedException or ActionPreferenceStopException)
            {
                // The rest is drained, so that no writer hangs, and thrown away.
                stopped = failure;
                stopping.Cancel();
            }
        }

        // The queue is complete only once the work has ended, so this never blocks on unfinished work.
        if (stopped is null)
        {
            running.GetAwaiter().GetResult();
            return;
        }

        ((IAsyncResult)running).AsyncWaitHandle.WaitOne();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(stopped).Throw();
    }

    /// <summary>Hands a write over. Refused once the work has ended.</summary>
    internal void Post(Action<PSCmdlet> write)
    {
        if (queue.IsAddingCompleted)
        {
            throw new InvalidOperationException("The command has ended; nothing can be written any more.");
        }

        queue.Add(write);
    }

    /// <summary>Hands a question over and waits for its answer.</summary>
    internal async Task<T> AskAsync<T>(Func<PSCmdlet, T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stopping.Token.Register(() => answer.TrySetCanceled());
        Post(target =>
        {
            try
            {
                answer.TrySetResult(ask(target));
            }
            catch (Exception failure)
            {
                answer.TrySetException(failure);
                if (failure is PipelineStoppedException or ActionPreferenceStopException)
                {
                    throw;
                }
            }
        });
        return await answer.Task.ConfigureAwait(false);
    }

    public void Dispose() => queue.Dispose();
}
