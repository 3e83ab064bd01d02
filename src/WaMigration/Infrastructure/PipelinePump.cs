using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.ExceptionServices;

namespace WaMigration.Commands;

/// <summary>
/// Carries what asynchronous work wants to write or ask to the pipeline thread, where alone PowerShell allows it.
/// The queue is bounded, so fast work waits for a slow pipeline. When the downstream has stopped or failed, the work
/// is cancelled and awaited before that goes on upwards; a writer that comes later is refused.
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

    /// <summary>
    /// What came up from the pipeline itself while something was written (it was stopped, a later command has enough
    /// or failed). It is PowerShell's own and goes on as it is; null where nothing came.
    /// </summary>
    internal Exception? Interruption { get; private set; }

    /// <summary>Runs the work and pumps until it has ended. Throws what it threw, or the interruption.</summary>
    internal void Run(Func<Task> work)
    {
        ExceptionDispatchInfo? end = null;
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                end = ExceptionDispatchInfo.Capture(failure);
            }
            finally
            {
                queue.CompleteAdding();
            }
        });

        // The enumeration ends only once the work has ended, whatever happens in between.
        foreach (var write in queue.GetConsumingEnumerable())
        {
            if (Interruption is not null)
            {
                // The rest is drained, so that no writer hangs, and thrown away.
                continue;
            }

            try
            {
                write(cmdlet);
            }
            catch (Exception failure)
            {
                Interruption = failure;
                stopping.Stop();
            }
        }

        if (Interruption is not null)
        {
            end = ExceptionDispatchInfo.Capture(Interruption);
        }

        end?.Throw();
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

    /// <summary>
    /// Hands a question over and waits for its answer. A failure of the question is the asker's; only what ends the
    /// pipeline itself (a stop, exit, break) also interrupts the pump.
    /// </summary>
    internal async Task<T> AskAsync<T>(Func<PSCmdlet, T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = stopping.Token.Register(() => answer.TrySetCanceled(stopping.Token));
        Post(target =>
        {
            try
            {
                answer.TrySetResult(ask(target));
            }
            catch (Exception failure)
            {
                answer.TrySetException(failure);
                if (failure is PipelineStoppedException or FlowControlException)
                {
                    throw;
                }
            }
        });
        return await answer.Task.ConfigureAwait(false);
    }

    public void Dispose() => queue.Dispose();
}
