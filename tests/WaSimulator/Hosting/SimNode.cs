using System.Collections.Concurrent;

namespace WaSimulator.Hosting;

/// <summary>The life of a node: started once, stopped or killed once, ending with an exit code.</summary>
internal abstract class SimNode : ISimNode
{
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock ending = new();
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource kill = new();
    private Task run = Task.CompletedTask;
    private bool isDisposed;
    private int started;

    protected SimNode(NodeSpec spec, INodeNetwork network, TimeProvider time, Action<string> log, IDictionary<string, byte[]>? files)
    {
        Spec = spec;
        Environment = new NodeEnvironment(spec);
        Network = network;
        Clock = new SimClock(time, Environment.Scale);
        WriteLine = log;
        Disk = files ?? new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
    }

    public Task<int> Exited => exited.Task;

    public IReadOnlyDictionary<string, byte[]> Files => new Dictionary<string, byte[]>(Disk, StringComparer.Ordinal);

    protected internal NodeSpec Spec { get; }

    protected internal NodeEnvironment Environment { get; }

    protected internal INodeNetwork Network { get; }

    protected internal SimClock Clock { get; }

    /// <summary>Cancelled by SIGTERM.</summary>
    protected internal CancellationToken Stopping => stop.Token;

    /// <summary>Cancelled by SIGKILL: nothing may go on after it.</summary>
    protected internal CancellationToken Killed => kill.Token;

    /// <summary>The container's writable files; they outlive a restart when the host hands the same ones in again.</summary>
    protected IDictionary<string, byte[]> Disk { get; }

    private Action<string> WriteLine { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref started, 1) != 0)
        {
            throw new InvalidOperationException("A node is started once; a restart makes a new one.");
        }

        run = Task.Run(RunGuardedAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(TimeSpan grace)
    {
        if (Volatile.Read(ref started) == 0)
        {
            exited.TrySetResult(0);
            return;
        }

        Task told;
        lock (ending)
        {
            told = isDisposed ? Task.CompletedTask : stop.CancelAsync();
        }

        await told;
        try
        {
            await exited.Task.WaitAsync(grace, Clock.Time);
        }
        catch (TimeoutException)
        {
            Kill();
            await exited.Task;
        }
    }

    public void Kill()
    {
        lock (ending)
        {
            if (isDisposed)
            {
                // It ended by itself, while its host was about to end it.
                return;
            }

            kill.Cancel();
            if (!isDisposed)
            {
                // Those who heard of it may have ended and disposed of it here and now.
                stop.Cancel();
            }
        }

        Cut();
        exited.TrySetResult(137);
    }

    public async ValueTask DisposeAsync()
    {
        if (!exited.Task.IsCompleted)
        {
            Kill();
        }

        await run;
        lock (ending)
        {
            isDisposed = true;
            stop.Dispose();
            kill.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    protected internal void Log(string level, string text)
    {
        if (!kill.IsCancellationRequested)
        {
            WriteLine($"[{Clock.Now.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}] {level}: {text}");
        }
    }

    /// <summary>The program: runs until <see cref="Stopping"/>, then leaves in good order with its exit code.</summary>
    protected abstract Task<int> RunAsync();

    /// <summary>Closes sockets and database sessions at once.</summary>
    protected abstract void Cut();

    private async Task RunGuardedAsync()
    {
        try
        {
            exited.TrySetResult(await RunAsync());
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested || stop.IsCancellationRequested)
        {
            exited.TrySetResult(kill.IsCancellationRequested ? 137 : 0);
        }
        catch (SimulatorException problem)
        {
            Log("FATAL", problem.Message);
            exited.TrySetResult(1);
        }
        catch (Exception problem)
        {
            // The last resort of a process: an unknown fault ends it, and says so on its output. After a kill it is
            // the sockets that were cut, and Log is silent.
            Log("FATAL", problem.ToString());
            exited.TrySetResult(kill.IsCancellationRequested ? 137 : 134);
        }
        finally
        {
            exited.TrySetResult(137);
            Cut();
        }
    }
}
