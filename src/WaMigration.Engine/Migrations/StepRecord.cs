namespace WaMigration.Migrations;

/// <summary>One step in the record's file.</summary>
internal sealed record StepRecord
{
    public required int Number { get; init; }

    public required string Name { get; init; }

    public WaStepState State { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int Attempts { get; init; }

    public string? ErrorId { get; init; }

    public string? Error { get; init; }

    public string? Reason { get; init; }

    /// <summary>It needs no further run.</summary>
    internal bool IsBehind => State is WaStepState.Done or WaStepState.Skipped;
}
