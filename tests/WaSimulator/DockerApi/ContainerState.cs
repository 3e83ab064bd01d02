using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>The changing part of a container; read and written under its gate.</summary>
internal sealed class ContainerState
{
    public bool Running { get; set; }

    /// <summary>Between the end of one process and the next start by the restart policy. Running is true meanwhile.</summary>
    public bool Restarting { get; set; }

    public bool Paused { get; set; }

    public bool Removing { get; set; }

    public bool EverStarted { get; set; }

    /// <summary>Set by stop and kill: the restart policy keeps out until the next start.</summary>
    public bool StoppedByHand { get; set; }

    public int ExitCode { get; set; }

    public string Error { get; set; } = "";

    public int Pid { get; set; }

    public long RestartCount { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public ISimNode? Node { get; set; }

    /// <summary>Ends when the current process has ended and all its traces are taken away.</summary>
    public TaskCompletionSource<int>? Ended { get; set; }

    /// <summary>Ends with the next end of a process, whichever start it belongs to.</summary>
    public TaskCompletionSource<int> NextExit { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<int> Removed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationTokenSource? RestartDelay { get; set; }

    public string Status =>
        Removing ? "removing"
        : Restarting ? "restarting"
        : Paused ? "paused"
        : Running ? "running"
        : EverStarted ? "exited"
        : "created";
}
