using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace WaMigration.Shell;

/// <summary>
/// Ctrl+C and SIGTERM. The first stops what runs; a second one within two seconds ends the process, because what runs
/// may be a call that nothing can stop.
/// </summary>
internal sealed class InterruptHandler : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly NativeChildren _natives;
    private readonly Action<int> _endProcess;
    private readonly Lock _gate = new();
    private readonly Stack<Pipeline> _running = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private CancellationTokenSource _source = new();
    private long? _last;

    public InterruptHandler(TimeProvider time, NativeChildren natives, Action<int> endProcess)
    {
        _time = time;
        _natives = natives;
        _endProcess = endProcess;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
    }

    /// <summary>Cancelled by an interrupt; readers of the standard input wait with it.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                return _source.Token;
            }
        }
    }

    /// <summary>What the process should end with, once it was interrupted.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether an interrupt without a running pipeline ends the process, which has nobody else to tell.</summary>
    public bool EndsWhenIdle { get; set; } = true;

    /// <summary>
    /// Names the pipeline that an interrupt stops, until the result is disposed. One that came after the command was
    /// given, and before this, stops it before it begins.
    /// </summary>
    public IDisposable Watch(Pipeline pipeline)
    {
        bool stop;
        lock (_gate)
        {
            _running.Push(pipeline);
            stop = ExitCode is not null;
        }

        if (stop)
        {
            pipeline.StopAsync();
        }

        return new Watching(this);
    }

    /// <summary>Forgets an interrupt that has done its work: the prompt goes on.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            if (ExitCode is null or ExitCodes.Interrupted)
            {
                ExitCode = null;
                if (_source.IsCancellationRequested)
                {
                    _source.Dispose();
                    _source = new CancellationTokenSource();
                }
            }
        }
    }

    /// <summary>Stops what runs.</summary>
    public void Interrupt(int exitCode)
    {
        bool end;
        Pipeline[] pipelines;
        CancellationTokenSource source;
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var impatient = _last is { } last && _time.GetElapsedTime(last, now) < Patience;
            _last = now;

            // Ctrl+C breaks off what runs in a nested prompt; SIGTERM all that it is nested in.
            pipelines = [.. _running.Take(exitCode == ExitCodes.Terminated ? _running.Count : 1)];
            end = pipelines.Length == 0
                ? EndsWhenIdle || exitCode == ExitCodes.Terminated
                : impatient && ExitCode is not null;
            ExitCode = exitCode;
            source = _source;
        }

        if (end)
        {
            _endProcess(exitCode);
            return;
        }

        foreach (var pipeline in pipelines)
        {
            pipeline.StopAsync();
        }

        source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _natives.Forward(context.Signal);
        Interrupt(context.Signal == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted);
    }

    private sealed class Watching(InterruptHandler owner) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._running.Pop();
            }
        }
    }
}
