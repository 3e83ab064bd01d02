using System.Globalization;

namespace WaMigration.Migrations;

/// <summary>What is to become of a step that was called.</summary>
internal enum StepDecision
{
    /// <summary>Run its work.</summary>
    Run,

    /// <summary>It is done or skipped already, or was skipped now.</summary>
    PassOver,
}

/// <summary>Begins and ends the steps of an open migration, in the guide's order.</summary>
internal static class MigrationSteps
{
    private static TextCatalog Text => MigrationText.Catalog;

    /// <summary>Begins a step, or says that it is not to be run.</summary>
    /// <param name="run">The migration.</param>
    /// <param name="number">The guide's number.</param>
    /// <param name="name">The guide's words.</param>
    /// <param name="skipReason">Why it is to be skipped; null where it is to be run.</param>
    /// <param name="operation">The frame.</param>
    internal static StepDecision Begin(MigrationRun run, int number, string name, string? skipReason, Operation operation)
    {
        var step = run.Record.Step(number);
        if (step.State == WaStepState.Done || (step.State == WaStepState.Skipped && (skipReason is not null || LaterHasBegun(run.Record, number))))
        {
            operation.Console.Verbose(Text.Format(step.State == WaStepState.Done ? "StepIsDone" : "StepIsSkipped", number, step.Name, step.Reason));
            return StepDecision.PassOver;
        }

        RequireOrder(run.Record, number, name);
        if (skipReason is not null)
        {
            Change(run, step with { Name = name, State = WaStepState.Skipped, Reason = skipReason, ErrorId = null, Error = null });
            Journal(run, MigrationEvents.StepSkipped, number, ("reason", skipReason));
            return StepDecision.PassOver;
        }

        Change(run, step with
        {
            Name = name,
            State = WaStepState.Running,
            StartedAt = operation.Time.GetUtcNow(),
            EndedAt = null,
            Attempts = step.Attempts + 1,
            ErrorId = null,
            Error = null,
            Reason = null,
        });
        Journal(run, MigrationEvents.StepStarted, number);
        operation.Console.Progress(new WaProgress(Activity(run), Text.Format("StepOf", number, MigrationRecord.StepCount, name), Percent(number)));
        return StepDecision.Run;
    }

    /// <summary>The step's bar goes away, however it ended.</summary>
    internal static void EndProgress(MigrationRun run, int number, Operation operation) =>
        operation.Console.Progress(new WaProgress(Activity(run), string.Empty, Percent(number), IsCompleted: true));

    /// <summary>Both ways from where a step failed.</summary>
    internal static void TellWays(MigrationRun run, Operation operation)
    {
        var now = run.Snapshot();
        operation.Console.Warning(Text.Format("WaysOn", ContinuationCommand.For(now)));
        operation.Console.Warning(Text.Format("WaysBack", WayBack.For(now)));
    }

    /// <summary>Its work was done.</summary>
    internal static void Done(MigrationRun run, int number)
    {
        Change(run, run.Record.Step(number) with { State = WaStepState.Done, EndedAt = run.Time.GetUtcNow() });
        Journal(run, MigrationEvents.StepDone, number);
    }

    /// <summary>Its work ended in an error.</summary>
    internal static void Failed(MigrationRun run, int number, string errorId, string message)
    {
        var failed = run.Record.Step(number) with { State = WaStepState.Failed, EndedAt = run.Time.GetUtcNow(), ErrorId = errorId, Error = message };
        run.Change(record => record.WithStep(failed) with { State = WaMigrationState.Failed });
        Journal(run, MigrationEvents.StepFailed, number, ("error", errorId));
    }

    /// <summary>Somebody stopped it.</summary>
    internal static void Interrupted(MigrationRun run, int number)
    {
        Change(run, run.Record.Step(number) with { State = WaStepState.Interrupted, EndedAt = run.Time.GetUtcNow() });
        Journal(run, MigrationEvents.StepInterrupted, number);
    }

    private static string Activity(MigrationRun run) => Text.Format("Activity", run.Record.PhoneNumber);

    private static int Percent(int number) => (number - 1) * 100 / MigrationRecord.StepCount;

    private static bool LaterHasBegun(MigrationRecord record, int number) =>
        record.Steps.Any(step => step.Number > number && step.State is not (WaStepState.NotStarted or WaStepState.Skipped));

    private static void RequireOrder(MigrationRecord record, int number, string name)
    {
        if (record.Steps.FirstOrDefault(step => step.Number < number && !step.IsBehind) is { } missing)
        {
            throw MigrationErrors.StepOutOfOrder.Error(name, number, missing.Number, missing.Name, missing.State);
        }
    }

    private static void Change(MigrationRun run, StepRecord step) =>
        run.Change(record => record.WithStep(step) with { State = run.IsPlan ? record.State : WaMigrationState.Running });

    private static void Journal(MigrationRun run, string kind, int number, params (string Name, string Value)[] values) =>
        run.JournalFile.Write(kind, MigrationEvents.NoSetup, [("step", number.ToString(CultureInfo.InvariantCulture)), .. values]);
}
