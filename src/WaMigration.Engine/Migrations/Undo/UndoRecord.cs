using System.Text.Json.Serialization;

namespace WaMigration.Migrations.Undo;

/// <summary>
/// An undo in the record's file: what it has to do, decided once from the journal when it began, since what it does
/// changes the journal.
/// </summary>
internal sealed record UndoRecord
{
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it is under way.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The new client is, or may be, there.</summary>
    public bool NeedsRemoval { get; init; }

    /// <summary>The old client was begun to be taken down.</summary>
    public bool NeedsClient { get; init; }

    /// <summary>Containers of the old client were begun to be removed, so that their definitions are needed.</summary>
    public bool NeedsDefinitions { get; init; }

    /// <summary>A restore may have been sent to the new side, so that the old client's keys are void.</summary>
    public bool NeedsRestore { get; init; }

    /// <summary>What the new client has is copied back into the old databases before the old one starts.</summary>
    public bool CarriesBack { get; init; }

    /// <summary>What came to the new client since it served on copied databases is given up.</summary>
    public bool Discards { get; init; }

    /// <summary>Step 3 turned two-step verification off.</summary>
    public bool NeedsTwoStep { get; init; }

    /// <summary>Step 3 cleared the webhook, or the restore may have changed it.</summary>
    public bool NeedsWebhook { get; init; }

    /// <summary>When the new client was last seen healthy; null where it never was.</summary>
    public DateTimeOffset? DestinationServedAt { get; init; }

    public RunbookCall? Runbook { get; init; }

    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    [JsonIgnore]
    internal bool IsFinished => FinishedAt is not null;

    internal bool Needs(UndoStep step) => step switch
    {
        UndoStep.RemoveNew => NeedsRemoval,
        UndoStep.BringBack => NeedsClient,
        UndoStep.Restore => NeedsRestore,
        UndoStep.TwoStep => NeedsTwoStep,
        UndoStep.Webhook => NeedsWebhook,
        _ => true,
    };
}

/// <summary>The steps of an undo, by number.</summary>
internal enum UndoStep
{
    /// <summary>The new client goes, and is proved stopped.</summary>
    RemoveNew = 1,

    /// <summary>The old client is made again and started.</summary>
    BringBack = 2,

    /// <summary>The same backup is restored onto it.</summary>
    Restore = 3,

    /// <summary>Two-step verification is turned on again.</summary>
    TwoStep = 4,

    /// <summary>The webhook is set back.</summary>
    Webhook = 5,

    /// <summary>Health and test message.</summary>
    Check = 6,
}
