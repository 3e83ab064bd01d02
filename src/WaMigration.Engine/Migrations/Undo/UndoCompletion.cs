namespace WaMigration.Migrations.Undo;

/// <summary>Ends an undo whose steps are behind.</summary>
internal static class UndoCompletion
{
    internal static void Complete(MigrationRun run, Operation operation)
    {
        if (run.Record.Undo is not { } undo || undo.IsFinished)
        {
            return;
        }

        if (!run.IsPlan && undo.Steps.FirstOrDefault(step => !step.IsBehind) is { } missing)
        {
            throw MigrationErrors.StepsNotDone.Error(run.Path, missing.Number, missing.Name, missing.State);
        }

        if (operation.May(run.Path, MigrationText.Catalog["CompleteUndo"]))
        {
            run.Change(record => record with { State = WaMigrationState.Undone, Undo = undo with { FinishedAt = operation.Time.GetUtcNow() } });
            run.JournalFile.Write(MigrationEvents.UndoDone, MigrationEvents.NoSetup);
        }
    }
}
