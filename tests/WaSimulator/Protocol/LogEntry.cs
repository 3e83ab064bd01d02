namespace WaSimulator.Protocol;

/// <summary>One line of the service's log; nodes report theirs, with their own times.</summary>
public sealed record LogEntry
{
    /// <summary>Order of arrival at the service.</summary>
    public long Sequence { get; init; }

    /// <summary>Wall clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>A clock that never jumps, milliseconds; comparable on one machine.</summary>
    public double MonotonicMs { get; init; }

    /// <summary>What happened, e.g. connected, disconnected, kicked, restore-begin, stop-end.</summary>
    public required string Kind { get; init; }

    /// <summary>The phone number, where one is concerned.</summary>
    public string? Number { get; init; }

    /// <summary>The client: all nodes of one set of databases.</summary>
    public string? Client { get; init; }

    /// <summary>hostname:container-id.</summary>
    public string? Node { get; init; }

    /// <summary>More words.</summary>
    public string? Detail { get; init; }

    /// <summary>For the end of an interval: how long it was.</summary>
    public double? DurationMs { get; init; }
}
