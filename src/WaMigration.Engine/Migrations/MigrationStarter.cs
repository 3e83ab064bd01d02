using System.Globalization;
using WaMigration.Containers;
using WaMigration.Migrations.Undo;
using WaMigration.Setups.Settings;

namespace WaMigration.Migrations;

/// <summary>Begins a migration or goes on with one.</summary>
internal static class MigrationStarter
{
    internal static async Task<WaMigration> StartAsync(StartOptions options, Operation operation)
    {
        RequireSide(options);
        RequireSetups(options);
        var asked = Asked(options, operation.Time.GetUtcNow());
        var run = operation.PlanOnly
            ? MigrationFolder.Plan(options.Path, asked, operation)
            : await MigrationFolder.OpenAsync(options.Path, asked, operation).ConfigureAwait(false);
        try
        {
            RefuseUndone(run);
            RequireSecrets(run.Record, options);
            run.SecretsGiven = options.SecretsGiven;
            run.StopsBefore = options.PauseBefore;
            run.IsRehearsal = options.Rehearsal;
            run.Link(options.Source, options.Destination);
            PinAgain(run);
            if (run.Record.IsCompleted)
            {
                operation.Console.Warning(MigrationText.Catalog.Format("AlreadyCompleted", Local(run.Record.CompletedAt), Local(run.Record.DatabasesMayGoAfter)));
                return new WaMigration(run);
            }

            await RequireBackupPasswordAsync(run, options, operation).ConfigureAwait(false);
            await HalfDone.FindAsync(run, operation).ConfigureAwait(false);
            await TakeStartedAsync(run, operation).ConfigureAwait(false);
            var facts = await SourceFactsReader.ReadAsync(run, operation).ConfigureAwait(false);
            await HandOver.TakeAsync(run, options.HandOverPath ?? run.Record.HandOverPath, options.BackupPassword, operation).ConfigureAwait(false);
            var isServing = !run.Snapshot().SourceIsGoing;
            var isCopyUnused = GuideSteps.MovesDatabases(asked.Option) && asked.Side == WaMigrationSide.Both && !run.Snapshot().CopyMayHaveServed;
            run.Change(kept => Merge(kept.AfterItsRun(), asked, facts, isCopyUnused, isServing) with { State = operation.PlanOnly ? kept.State : WaMigrationState.Running });
            if (run.IsNew)
            {
                run.JournalFile.Write(MigrationEvents.Created, MigrationEvents.NoSetup, ("id", asked.Id), ("option", asked.Option.ToString(CultureInfo.InvariantCulture)));
            }

            run.JournalFile.Write(MigrationEvents.RunStarted, MigrationEvents.NoSetup, ("side", asked.Side.ToString()));
            return new WaMigration(run);
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>What is made for one owner's machines is not handed over in halves.</summary>
    private static void RequireSide(StartOptions options)
    {
        if (options is { Option: 3, Side: not WaMigrationSide.Both })
        {
            throw MigrationErrors.SideNotOfOption.Error(options.Path, options.Option, options.Side);
        }
    }

    internal static void RequireSetups(StartOptions options)
    {
        if (options.Source is null && options.Side != WaMigrationSide.Destination)
        {
            throw MigrationErrors.SetupNeeded.Error(nameof(options.Source), options.Side);
        }

        if (options.Destination is null && options.Side != WaMigrationSide.Source)
        {
            throw MigrationErrors.SetupNeeded.Error(nameof(options.Destination), options.Side);
        }

        if (options is { Source: { } source, Destination: { } destination }
            && string.Equals(source.Name, destination.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw MigrationErrors.SetupsHaveSameName.Error(source.Name);
        }
    }

    internal static MigrationRecord Asked(StartOptions options, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid().ToString("D"),
        Option = options.Option,
        Side = options.Side,
        State = WaMigrationState.Planned,
        CreatedAt = now,
        PhoneNumber = options.Source?.PhoneNumber,
        Source = options.Source is { } source ? SetupRecord.From(source) : null,
        Destination = options.Destination is { } destination ? SetupRecord.From(destination) : null,
        HandOverPath = options.HandOverPath,
        KeepsDatabases = options.KeepsDatabases,
        Runbook = options.Runbook,
        Secrets = options.SecretUntilStep
            .Where(secret => options.SecretsGiven.Contains(secret.Key))
            .ToDictionary(secret => secret.Key, secret => secret.Value),
        Steps = GuideSteps.For(options.Option),
    };

    /// <summary>A person may have started the new client on databases that were proved already: then it has served, and the run goes on from there.</summary>
    private static async Task TakeStartedAsync(MigrationRun run, Operation operation)
    {
        if (operation.PlanOnly
            || run is not { Destination: { } destination, Record: { Side: WaMigrationSide.Both } record }
            || !GuideSteps.MovesDatabases(record.Option)
            || record.Step(GuideSteps.RestoreDatabases(record.Option)).State != WaStepState.Done)
        {
            return;
        }

        var started = await EarlyStart.FindAsync(destination, operation).ConfigureAwait(false);
        if (started.Count > 0)
        {
            var nodes = string.Join(", ", started.Select(node => node.Name));
            operation.Note(destination, JournalKinds.ClientStarting, ("nodes", nodes), ("by", "somebody"));
            operation.Console.Warning(MigrationText.Catalog.Format("StartedBySomebody", destination.Name, nodes));
        }
    }

    /// <summary>Of what was undone the new databases carry a registration that is void.</summary>
    private static void RefuseUndone(MigrationRun run)
    {
        if (run.Record.Undo is { FinishedAt: { } finished })
        {
            throw UndoErrors.MigrationIsUndone.Error(run.Path, Local(finished));
        }

        if (run.Record.Undo is { } undo)
        {
            throw UndoErrors.UndoIsUnderWay.Error(run.Path, Local(undo.StartedAt), ContinuationCommand.For(run.Snapshot()));
        }
    }

    /// <summary>A run that goes on must have what its later steps will need before it does anything.</summary>
    private static void RequireSecrets(MigrationRecord record, StartOptions options)
    {
        foreach (var secret in record.Secrets.OrderBy(secret => secret.Value))
        {
            var step = record.Step(secret.Value);
            if (!step.IsBehind && !options.SecretsGiven.Contains(secret.Key))
            {
                throw MigrationErrors.SecretNeeded.Error(secret.Key, step.Number, step.Name);
            }
        }
    }

    /// <summary>A wrong password is found before anything is done, not when the old client is gone.</summary>
    private static async Task RequireBackupPasswordAsync(MigrationRun run, StartOptions options, Operation operation)
    {
        var backup = run.File(MigrationFiles.SettingsBackup);
        var isMade = run.Record.Option == 1 ? run.Record.Step(4).IsBehind : run.Snapshot().Has(run.Snapshot().SourceName, JournalKinds.BackupWritten);
        if (options.BackupPassword is { } password && isMade && File.Exists(backup))
        {
            await SettingsBackupFile.VerifyAsync(backup, password, operation).ConfigureAwait(false);
        }
    }

    /// <summary>The pin of a client that an earlier run installed was read over the Docker connection then.</summary>
    internal static void PinAgain(MigrationRun run)
    {
        var now = run.Snapshot();
        PinAgain(run.Destination, now.DestinationThumbprints);
        PinAgain(run.Source, now.SourceThumbprints);
    }

    private static void PinAgain(WaSetup? setup, IReadOnlyList<string> known)
    {
        if (setup is not null)
        {
            foreach (var thumbprint in known.Except(setup.Connections.PinnedThumbprints, StringComparer.OrdinalIgnoreCase))
            {
                setup.Connections.Pin(thumbprint);
            }
        }
    }

    private static MigrationRecord Merge(MigrationRecord kept, MigrationRecord asked, SourceFacts? facts, bool isCopyUnused, bool isServing)
    {
        var secrets = kept.Secrets.ToDictionary(secret => secret.Key, secret => secret.Value);
        foreach (var secret in asked.Secrets)
        {
            secrets[secret.Key] = secret.Value;
        }

        return kept with
        {
            PhoneNumber = kept.PhoneNumber ?? asked.PhoneNumber ?? facts?.PhoneNumber,
            Source = MergeSetup(kept.Source, asked.Source),
            Destination = MergeSetup(kept.Destination, asked.Destination),
            SourceFacts = kept.HandedOver is null ? facts ?? kept.SourceFacts : kept.SourceFacts,
            HandOverPath = asked.HandOverPath ?? kept.HandOverPath,
            Runbook = asked.Runbook ?? kept.Runbook,
            Secrets = secrets,
            Steps = isCopyUnused ? ProvedAgain(isServing ? PreparedAgain(kept.Steps) : kept.Steps, GuideSteps.RestoreDatabases(asked.Option)) : kept.Steps,
        };
    }

    /// <summary>What was prepared is brought up to date as long as the old client serves.</summary>
    private static IReadOnlyList<StepRecord> PreparedAgain(IReadOnlyList<StepRecord> steps) =>
        steps[0].Number == GuideSteps.Prepare
            ? [steps[0] with { State = WaStepState.NotStarted }, .. steps.Skip(1)]
            : steps;

    /// <summary>
    /// Since an earlier run copied them, somebody may have started the old client once more; until the new one was started,
    /// the databases are compared again, and what differs is replaced.
    /// </summary>
    private static IReadOnlyList<StepRecord> ProvedAgain(IReadOnlyList<StepRecord> steps, int restore) =>
        [.. steps.Select(step => step.Number == restore && step.State == WaStepState.Done ? step with { State = WaStepState.NotStarted } : step)];

    internal static SetupRecord? MergeSetup(SetupRecord? kept, SetupRecord? asked)
    {
        if (asked is null)
        {
            return kept;
        }

        return asked with
        {
            Database = asked.Database ?? kept?.Database,
            DockerHosts = asked.DockerHosts.Count > 0 ? asked.DockerHosts : kept?.DockerHosts ?? [],
            CertificateThumbprints = asked.CertificateThumbprints.Count > 0 ? asked.CertificateThumbprints : kept?.CertificateThumbprints ?? [],
        };
    }

    private static string? Local(DateTimeOffset? time) => time?.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
