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
        var step = run.Step(number);
        if (IsBeyond(run, number))
        {
            operation.Console.Verbose(Text.Format("StepIsBeyond", number, step.Name));
            return StepDecision.PassOver;
        }

        if (step.State == WaStepState.Done || (step.State == WaStepState.Skipped && (skipReason is not null || LaterHasBegun(run, number))))
        {
            operation.Console.Verbose(Text.Format(step.State == WaStepState.Done ? "StepIsDone" : "StepIsSkipped", number, step.Name, step.Reason));
            return StepDecision.PassOver;
        }

        RequireOrder(run, number, name);
        if (skipReason is not null)
        {
            Change(run, step with { Name = name, State = WaStepState.Skipped, Reason = skipReason, ErrorId = null, Error = null });
            Journal(run, run.IsUndo ? MigrationEvents.UndoStepSkipped : MigrationEvents.StepSkipped, number, ("reason", skipReason));
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
        Journal(run, run.IsUndo ? MigrationEvents.UndoStepStarted : MigrationEvents.StepStarted, number);
        operation.Console.Progress(new WaProgress(Activity(run), Headline(run, number, name), Percent(run, number)));
        return StepDecision.Run;
    }

    /// <summary>This run ends before that step.</summary>
    internal static bool IsBeyond(MigrationRun run, int number) =>
        !run.IsUndo && (number >= run.StopsBefore || (run.IsRehearsal && number > GuideSteps.Prepare));

    /// <summary>Number and name, as people see them.</summary>
    internal static string Headline(MigrationRun run, int number, string name) =>
        Text.Format(run.IsUndo ? "UndoStepOf" : "StepOf", number, Last(run), name);

    /// <summary>The step's bar goes away, however it ended.</summary>
    internal static void EndProgress(MigrationRun run, int number, Operation operation) =>
        operation.Console.Progress(new WaProgress(Activity(run), string.Empty, Percent(run, number), IsCompleted: true));

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
        Change(run, run.Step(number) with { State = WaStepState.Done, EndedAt = run.Time.GetUtcNow() });
        Journal(run, run.IsUndo ? MigrationEvents.UndoStepDone : MigrationEvents.StepDone, number);
    }

    /// <summary>Its work ended in an error.</summary>
    internal static void Failed(MigrationRun run, int number, string errorId, string message)
    {
        var failed = run.Step(number) with { State = WaStepState.Failed, EndedAt = run.Time.GetUtcNow(), ErrorId = errorId, Error = message };
        run.Change(record => run.IsUndo ? record.WithUndoStep(failed) : record.WithStep(failed) with { State = WaMigrationState.Failed });
        Journal(run, run.IsUndo ? MigrationEvents.UndoStepFailed : MigrationEvents.StepFailed, number, ("error", errorId));
    }

    /// <summary>Somebody stopped it.</summary>
    internal static void Interrupted(MigrationRun run, int number)
    {
        Change(run, run.Step(number) with { State = WaStepState.Interrupted, EndedAt = run.Time.GetUtcNow() });
        Journal(run, run.IsUndo ? MigrationEvents.UndoStepInterrupted : MigrationEvents.StepInterrupted, number);
    }

    private static string Activity(MigrationRun run) => Text.Format(run.IsUndo ? "UndoActivity" : "Activity", run.Record.PhoneNumber);

    private static int Percent(MigrationRun run, int number) => Math.Max(0, number - 1) * 100 / Last(run);

    private static int Last(MigrationRun run) => run.Steps[run.Steps.Count - 1].Number;

    private static bool LaterHasBegun(MigrationRun run, int number) =>
        run.Steps.Any(step => step.Number > number && step.State is not (WaStepState.NotStarted or WaStepState.Skipped));

    private static void RequireOrder(MigrationRun run, int number, string name)
    {
        if (run.Steps.FirstOrDefault(step => step.Number < number && !step.IsBehind) is { } missing)
        {
            throw MigrationErrors.StepOutOfOrder.Error(name, number, missing.Number, missing.Name, missing.State);
        }
    }

    private static void Change(MigrationRun run, StepRecord step) =>
        run.Change(record => run.IsUndo ? record.WithUndoStep(step) : record.WithStep(step) with { State = run.IsPlan ? record.State : WaMigrationState.Running });

    private static void Journal(MigrationRun run, string kind, int number, params (string Name, string Value)[] values) =>
        run.JournalFile.Write(kind, MigrationEvents.NoSetup, [("step", number.ToString(CultureInfo.InvariantCulture)), .. values]);
}
