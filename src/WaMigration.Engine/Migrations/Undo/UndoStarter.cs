using System.Globalization;
using WaMigration.Containers;
using WaMigration.Databases;
using WaMigration.Setups.Settings;

namespace WaMigration.Migrations.Undo;

/// <summary>
/// Begins to undo a migration, or goes on with that. Everything that the way back needs is looked at before anything of
/// it is done: the new client may be all that serves the number.
/// </summary>
internal static class UndoStarter
{
    private static TextCatalog Text => MigrationText.Catalog;

    internal static async Task<WaMigration> StartAsync(StartOptions options, Operation operation)
    {
        var now = MigrationFolder.Read(options.Path, operation);
        var kept = now.Record;
        RequirePossible(options, now);
        var asked = MigrationStarter.Asked(options with { Option = kept.Option, Side = kept.Side, KeepsDatabases = kept.KeepsDatabases }, operation.Time.GetUtcNow());
        var run = operation.PlanOnly
            ? MigrationFolder.Plan(options.Path, asked, operation)
            : await MigrationFolder.OpenAsync(options.Path, asked, operation).ConfigureAwait(false);
        try
        {
            run.SecretsGiven = options.SecretsGiven;
            run.IsUndo = true;
            run.Link(options.Source, options.Destination);
            if (run.Record.Undo is { FinishedAt: { } finished })
            {
                operation.Console.Warning(Text.Format("AlreadyUndone", Local(finished)));
                return new WaMigration(run);
            }

            var isNew = run.Record.Undo is null;
            var undo = run.Record.Undo is { } begun ? begun with { Runbook = asked.Runbook ?? begun.Runbook } : UndoPlan.From(run.Snapshot(), asked.Runbook, options.CarryBack, options.DiscardNewMessages);
            RequireSecrets(undo, options);
            MigrationStarter.PinAgain(run);
            await RequireDefinitionsAsync(run, undo, options, operation).ConfigureAwait(false);
            await RequireBackupAsync(run, undo, options, operation).ConfigureAwait(false);
            await RequireOldDatabasesAsync(run, undo, options, operation).ConfigureAwait(false);
            await UndoCosts.TellAsync(undo, kept.KeepsDatabases, options.Source!, options.Destination!, operation).ConfigureAwait(false);
            Tell(run, undo, operation);
            run.Change(record => record with
            {
                Source = MigrationStarter.MergeSetup(record.Source, asked.Source),
                Destination = MigrationStarter.MergeSetup(record.Destination, asked.Destination),
                State = operation.PlanOnly ? record.State : WaMigrationState.Undoing,
                Undo = undo,

                // The old databases are needed from now on.
                DatabasesMayGoAfter = null,
            });
            if (isNew)
            {
                run.JournalFile.Write(MigrationEvents.UndoBegun, MigrationEvents.NoSetup, ("restore", undo.NeedsRestore ? "true" : "false"));
            }

            run.JournalFile.Write(MigrationEvents.RunStarted, MigrationEvents.NoSetup, ("side", kept.Side.ToString()), ("undo", "true"));
            return new WaMigration(run);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    private static void RequirePossible(StartOptions options, MigrationSnapshot now)
    {
        var kept = now.Record;
        if (kept.Undo is null
            && now.CopyMayHaveServed
            && !kept.KeepsDatabases
            && options.CarryBack == options.DiscardNewMessages)
        {
            throw UndoErrors.UndoDecisionNeeded.Error(options.Path, now.DestinationName, now.SourceName);
        }

        if (kept.Side != WaMigrationSide.Both)
        {
            throw UndoErrors.UndoOneSided.Error(options.Path, kept.Side, WayBack.For(now));
        }

        MigrationStarter.RequireSetups(options with { Side = kept.Side });
    }

    private static void RequireSecrets(UndoRecord undo, StartOptions options)
    {
        foreach (var secret in options.SecretUntilStep.OrderBy(secret => secret.Value))
        {
            var step = undo.Steps.FirstOrDefault(step => step.Number == secret.Value);
            if (step is { IsBehind: false } && undo.Needs((UndoStep)step.Number) && !options.SecretsGiven.Contains(secret.Key))
            {
                throw MigrationErrors.SecretNeeded.Error(secret.Key, step.Number, step.Name);
            }
        }
    }

    private static async Task RequireDefinitionsAsync(MigrationRun run, UndoRecord undo, StartOptions options, Operation operation)
    {
        if (!undo.NeedsDefinitions || options.WithoutDefinitions || undo.Steps[(int)UndoStep.BringBack - 1].IsBehind)
        {
            return;
        }

        var path = run.File(MigrationFiles.SourceClient);
        if (options.BackupPassword is not { } password)
        {
            throw ClientErrors.DefinitionPasswordMissing.Error(path);
        }

        var saved = await ClientRecreation.OpenAsync(path, password, operation).ConfigureAwait(false);
        await ClientRecreation.CheckAsync(options.Source!, saved, operation).ConfigureAwait(false);
    }

    private static async Task RequireBackupAsync(MigrationRun run, UndoRecord undo, StartOptions options, Operation operation)
    {
        if (undo.NeedsRestore && !undo.Steps[(int)UndoStep.Restore - 1].IsBehind)
        {
            var backup = run.File(MigrationFiles.SettingsBackup);
            if (options.BackupPassword is not { } password)
            {
                throw MigrationErrors.SecretNeeded.Error(nameof(options.BackupPassword), (int)UndoStep.Restore, undo.Steps[(int)UndoStep.Restore - 1].Name);
            }

            await SettingsBackupFile.VerifyAsync(backup, password, operation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The old client without its databases is another, unregistered one. Where they cannot be looked at and the new
    /// client serves, a person says that they are there.
    /// </summary>
    private static async Task RequireOldDatabasesAsync(MigrationRun run, UndoRecord undo, StartOptions options, Operation operation)
    {
        var expected = run.Record.SourceFacts?.Databases ?? [];
        if (!undo.NeedsClient || undo.Steps[(int)UndoStep.BringBack - 1].IsBehind)
        {
            return;
        }

        string reason;
        if (options.Source!.Database is not { } server)
        {
            reason = Text["NoDatabaseServer"];
        }
        else
        {
            try
            {
                var there = (await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false))
                    .Where(database => !database.IsUnclassified)
                    .Select(database => database.Name)
                    .ToList();
                var missing = expected.Except(there, StringComparer.OrdinalIgnoreCase).ToList();
                if (missing.Count > 0 || there.Count == 0)
                {
                    throw UndoErrors.OldDatabasesGone.Error(
                        options.Source.Name, server, missing.Count > 0 ? string.Join(", ", missing) : Text["AllDatabases"], ContinuationCommand.For(run.Snapshot()));
                }

                return;
            }
            catch (WaException failure) when (failure.Kind != UndoErrors.OldDatabasesGone)
            {
                reason = failure.Message;
            }
        }

        if (undo.NeedsRestore && !options.OldDatabasesKept)
        {
            throw UndoErrors.OldDatabasesNotSeen.Error(options.Source.Name, reason);
        }

        operation.Console.Warning(Text.Format("OldDatabasesNotLookedAt", options.Source.Name, reason));
    }

    private static void Tell(MigrationRun run, UndoRecord undo, Operation operation)
    {
        if (undo.NeedsRestore && !undo.Steps[(int)UndoStep.Restore - 1].IsBehind)
        {
            operation.Console.Warning(Text.Format("UndoChangesCode", run.Record.PhoneNumber, run.Record.Source?.Name, run.Record.Destination?.Name));
        }
    }

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
