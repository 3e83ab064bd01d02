using WaMigration.Migrations;

namespace WaMigration;

/// <summary>One of the ten steps of the vendor's guide, as it stands in the record.</summary>
public sealed class WaMigrationStep
{
    internal WaMigrationStep(StepRecord step, DateTimeOffset now)
    {
        Number = step.Number;
        Name = step.Name;
        State = step.State;
        StartedAt = step.StartedAt;
        Duration = step.StartedAt is { } started && step.State != WaStepState.Interrupted
            ? (step.EndedAt ?? now) - started
            : null;
        Attempts = step.Attempts;
        ErrorId = step.ErrorId ?? string.Empty;
        Error = step.Error ?? string.Empty;
        Reason = step.Reason ?? string.Empty;
    }

    /// <summary>The guide's number, 1 to 10.</summary>
    public int Number { get; }

    /// <summary>The guide's words.</summary>
    public string Name { get; }

    /// <summary>Where it stands.</summary>
    public WaStepState State { get; }

    /// <summary>When the last attempt began; null where none did.</summary>
    public DateTimeOffset? StartedAt { get; }

    /// <summary>How long the last attempt took, or has taken so far; null where that is not known.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; }

    /// <summary>The id of the error that ended the last attempt; empty where none did.</summary>
    public string ErrorId { get; }

    /// <summary>Its message.</summary>
    public string Error { get; }

    /// <summary>Why it was skipped.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Number} {Name}: {State}";
}
