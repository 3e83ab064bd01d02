namespace WaSimulator.DockerApi;

/// <summary>What a container wrote, over all its starts, as the engine keeps it until the container is removed.</summary>
public sealed class ContainerLog(TimeProvider time)
{
    // Enough for any test, and a playground that runs for days does not grow without end.
    private const int Limit = 20_000;
    private readonly Lock _gate = new();
    private readonly List<ContainerLogLine> _lines = [];
    private long _dropped;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All lines that are kept.</summary>
    public IReadOnlyList<ContainerLogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Appends; text with several lines becomes several.</summary>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TaskCompletionSource changed;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var line in text.TrimEnd('\n', '\r').Split('\n'))
            {
                _lines.Add(new ContainerLogLine(now, line.TrimEnd('\r')));
            }

            if (_lines.Count > Limit)
            {
                var surplus = _lines.Count - (Limit * 3 / 4);
                _lines.RemoveRange(0, surplus);
                _dropped += surplus;
            }

            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    /// <summary>Lines from a position on, the position to go on from, and a task that ends with the next line.</summary>
    internal (IReadOnlyList<ContainerLogLine> Lines, long Next, Task Changed) ReadFrom(long position)
    {
        lock (_gate)
        {
            var first = (int)Math.Max(0, position - _dropped);
            return ([.. _lines.Skip(first)], _dropped + _lines.Count, _changed.Task);
        }
    }
}
