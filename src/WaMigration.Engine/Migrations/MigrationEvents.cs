namespace WaMigration.Migrations;

/// <summary>The kinds of events that the migration itself journals. On disk, so they never change.</summary>
internal static class MigrationEvents
{
    internal const string Created = "migration-created";
    internal const string RunStarted = "run-started";
    internal const string RunEnded = "run-ended";
    internal const string StepStarted = "step-started";
    internal const string StepDone = "step-done";
    internal const string StepFailed = "step-failed";
    internal const string StepInterrupted = "step-interrupted";
    internal const string StepSkipped = "step-skipped";
    internal const string HandedOver = "handed-over";
    internal const string HandOverTaken = "hand-over-taken";
    internal const string FoundHalfDone = "found-half-done";
    internal const string Paused = "migration-paused";
    internal const string Rehearsed = "rehearsed";
    internal const string Completed = "migration-completed";
    internal const string ChecksMade = "checks-made";
    internal const string HealthObserved = "health-observed";
    internal const string DeliveryConfirmed = "delivery-confirmed";
    internal const string DatabaseDropping = "database-dropping";
    internal const string DatabaseDropped = "database-dropped";
    internal const string UndoBegun = "undo-begun";
    internal const string UndoDone = "undo-done";
    internal const string UndoStepStarted = "undo-step-started";
    internal const string UndoStepDone = "undo-step-done";
    internal const string UndoStepFailed = "undo-step-failed";
    internal const string UndoStepInterrupted = "undo-step-interrupted";
    internal const string UndoStepSkipped = "undo-step-skipped";

    /// <summary>What stands as the setup of an event that is of none.</summary>
    internal const string NoSetup = "";
}
