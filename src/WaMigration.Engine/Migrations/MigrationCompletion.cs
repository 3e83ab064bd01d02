using System.Globalization;
using WaMigration.Migrations.Undo;

namespace WaMigration.Migrations;

/// <summary>Ends a migration whose ten steps are behind.</summary>
internal static class MigrationCompletion
{
    /// <summary>The vendor's rule: the new client must have run for that long before the old databases may go.</summary>
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    internal static async Task CompleteAsync(MigrationRun run, Operation operation)
    {
        if (run.IsUndo)
        {
            UndoCompletion.Complete(run, operation);
            return;
        }

        if (run.Record.IsCompleted)
        {
            return;
        }

        if (run.IsRehearsal)
        {
            await RehearsalReport.CompleteAsync(run, operation).ConfigureAwait(false);
            return;
        }

        if (run.StopsBefore is { } stop && !run.IsPlan && !run.Record.Step(stop).IsBehind)
        {
            Pause(run, stop, operation);
            return;
        }

        if (!run.IsPlan && run.Record.Steps.FirstOrDefault(step => !step.IsBehind) is { } missing)
        {
            throw MigrationErrors.StepsNotDone.Error(run.Path, missing.Number, missing.Name, missing.State);
        }

        var now = operation.Time.GetUtcNow();
        if (!operation.May(run.Path, MigrationText.Catalog.Format("CompleteAction", (now + Retention).ToLocalTime().ToString("d", CultureInfo.CurrentCulture))))
        {
            return;
        }

        // The other company's new client counts from when it began to serve.
        var date = run.Record.Done?.DatabasesMayGoAfter ?? now + Retention;
        run.Change(record => record with { State = WaMigrationState.AwaitingRetention, CompletedAt = now, DatabasesMayGoAfter = date });
        HandOver.GiveDone(run);
        run.JournalFile.Write(MigrationEvents.Completed, MigrationEvents.NoSetup, ("databasesMayGoAfter", date.ToString("O", CultureInfo.InvariantCulture)));
    }

    /// <summary>Ends before a step, as it was asked; the same command without -PauseBefore goes on.</summary>
    private static void Pause(MigrationRun run, int before, Operation operation)
    {
        run.Change(record => record with { State = WaMigrationState.Paused });
        run.JournalFile.Write(MigrationEvents.Paused, MigrationEvents.NoSetup, ("before", before.ToString(CultureInfo.InvariantCulture)));
        operation.Console.Warning(MigrationText.Catalog.Format("PausedBefore", before, run.Record.Step(before).Name));
    }
}
