namespace WaMigration;

/// <summary>
/// The frame of one command: who listens, whether it only plans, when to stop. It is handed down through every call,
/// so that many operations can run in one process without shared state.
/// </summary>
public sealed class Operation
{
    /// <summary>Creates a frame.</summary>
    public Operation(IOperationConsole console, bool planOnly, CancellationToken cancellation, TimeProvider? time = null)
    {
        Console = console;
        PlanOnly = planOnly;
        Cancellation = cancellation;
        Time = time ?? TimeProvider.System;
    }

    /// <summary>Who is told.</summary>
    public IOperationConsole Console { get; }

    /// <summary>
    /// -WhatIf: reads and checks are real, writes are only told. Connections taken with this operation are wrapped in
    /// the planning decorators; code that writes something else (a file) asks <see cref="May"/>.
    /// </summary>
    public bool PlanOnly { get; }

    /// <summary>Asked to stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Whether a change may be made; under -WhatIf it is told instead, and the answer is no.</summary>
    public bool May(string target, string action)
    {
        if (PlanOnly)
        {
            Console.WhatIf(target, action);
        }

        return !PlanOnly;
    }
}
