namespace WaMigration.Migrations.Undo;

/// <summary>Decides from the journal, never from health, what an undo has to do.</summary>
internal static class UndoPlan
{
    internal static UndoRecord From(MigrationSnapshot migration, RunbookCall? runbook, bool carryBack, bool discard)
    {
        var source = migration.SourceName;
        var destination = migration.DestinationName;
        var served = migration.CopyMayHaveServed;
        var isBehind = served && !migration.Record.KeepsDatabases;

        // Keys and counters of databases that are behind are worth nothing: either newer ones come back, or new ones are made.
        var carriesBack = isBehind && carryBack;
        var restore = migration.RestoreMayHaveBeenSent
            || (isBehind && discard)
            || (migration.StartedTooEarly && migration.Has(source, JournalKinds.BackupWritten));

        // Restart policies go first, and a client without them stays down after the next crash of its machine.
        var touched = restore
            || served
            || migration.Has(source, MigrationSnapshot.SourceGoes)
            || migration.Has(source, JournalKinds.RestartPoliciesClearing);
        return new UndoRecord
        {
            StartedAt = migration.Now,
            NeedsRemoval = touched
                || migration.Has(destination, JournalKinds.Installing)
                || migration.Record.Step(GuideSteps.Install(migration.Record.Option)).State is not (WaStepState.NotStarted or WaStepState.Skipped),
            NeedsClient = touched,
            NeedsDefinitions = migration.Has(source, JournalKinds.ClientRemoving),
            NeedsRestore = restore,
            CarriesBack = carriesBack,
            Discards = isBehind && discard,
            NeedsTwoStep = migration.Has(source, JournalKinds.TwoStepDisabling),
            NeedsWebhook = migration.Record.SourceFacts?.WebhookUri is not null && (restore || served || migration.Has(source, JournalKinds.WebhookClearing)),
            DestinationServedAt = migration.Last(destination, JournalKinds.Healthy) is { } healthy && (restore || served) ? healthy.At : null,
            Runbook = runbook,
            Steps =
            [
                .. Enum.GetValues(typeof(UndoStep)).Cast<UndoStep>().Select(step => new StepRecord
                {
                    Number = (int)step,
                    Name = MigrationText.Catalog["UndoStep" + (int)step],
                }),
            ],
        };
    }
}
