using System.Security;
using WaMigration.Containers;
using WaMigration.Migrations.Checks;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Migrations;

/// <summary>Gives this side's part to the other company, and takes the other's.</summary>
internal static class HandOver
{
    /// <summary>What the other company must know of the old client's end: never what it holds.</summary>
    private static readonly string[] Told =
    [
        JournalKinds.WebhookCleared,
        JournalKinds.TwoStepDisabled,
        JournalKinds.BackupWritten,
        JournalKinds.WebappStopping,
        JournalKinds.WebappStartedAgain,
        JournalKinds.Drained,
        JournalKinds.ClientStopping,
        JournalKinds.ClientStopped,
        JournalKinds.ClientRemoving,
        JournalKinds.ClientRemoved,
        JournalKinds.SourceStoppedStated,
        JournalKinds.SourceStoppedProved,
    ];

    private static TextCatalog Text => MigrationText.Catalog;

    /// <summary>The next thing is the other company's to do.</summary>
    internal static bool AwaitsOtherSide(MigrationRecord record) => record.Side switch
    {
        WaMigrationSide.Destination => record.HandedOver is null && !GuideSteps.MovesDatabases(record.Option) && record.Step(2).IsBehind,
        WaMigrationSide.Source => record.Done is null && record.Step(GuideSteps.LastOfSource(record.Option)).IsBehind,
        _ => false,
    };

    /// <summary>Takes what the other company has put into the folder, and nothing twice.</summary>
    internal static async Task TakeAsync(MigrationRun run, string? folder, SecureString? backupPassword, Operation operation)
    {
        if (run.Record.Side == WaMigrationSide.Both)
        {
            return;
        }

        if (folder is null)
        {
            throw MigrationErrors.HandOverPathNeeded.Error(run.Path, run.Record.Side);
        }

        if (run.Record.Side == WaMigrationSide.Source)
        {
            TakeReady(run, folder);
        }
        else
        {
            await TakeHandOverAsync(run, folder, backupPassword, operation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends this side's part: writes what the other company needs.</summary>
    internal static async Task GiveAsync(MigrationRun run, Operation operation)
    {
        var folder = run.Record.HandOverPath ?? throw MigrationErrors.HandOverPathNeeded.Error(run.Path, run.Record.Side);
        if (run.Record.Side == WaMigrationSide.Destination)
        {
            await GiveReadyAsync(run, folder, operation).ConfigureAwait(false);
        }
        else
        {
            await GiveBackupAsync(run, folder, operation).ConfigureAwait(false);
        }

        if (!operation.PlanOnly && !run.IsPlan)
        {
            run.JournalFile.Write(MigrationEvents.HandedOver, MigrationEvents.NoSetup, ("folder", folder));
            run.Change(record => record with { State = WaMigrationState.AwaitingHandOver });
        }
    }

    /// <summary>Says that the new side serves, so that the old databases get their date at the other company, too.</summary>
    internal static void GiveDone(MigrationRun run)
    {
        if (run.Record is { Side: WaMigrationSide.Destination, HandOverPath: { } folder, CompletedAt: { } completed, DatabasesMayGoAfter: { } date })
        {
            HandOverFiles.Write(folder, HandOverFiles.Done, new HandOverDoneFile
            {
                Option = run.Record.Option,
                Setup = run.Record.Destination!.Name,
                CreatedAt = run.Time.GetUtcNow(),
                MigrationId = run.Record.HandedOver?.MigrationId ?? run.Record.Id,
                CompletedAt = completed,
                DatabasesMayGoAfter = date,
            });
        }
    }

    private static void TakeReady(MigrationRun run, string folder)
    {
        var path = Path.Combine(folder, HandOverFiles.Ready);
        var ready = HandOverFiles.Read<ReadyFile>(folder, HandOverFiles.Ready);
        if (ready is null && GuideSteps.MovesDatabases(run.Record.Option))
        {
            // With databases the old side goes first: there is nothing on the new one before they come.
            TakeDone(run, folder, run.Record.Id);
            return;
        }

        if (ready is null)
        {
            throw MigrationErrors.HandOverMissing.Error(path);
        }

        RequireSame(path, run.Record.Option, ready.Option, run.Record.Ready?.MigrationId ?? ready.MigrationId, ready.MigrationId);
        run.Change(record => record with { Ready = ready });
        TakeDone(run, folder, ready.MigrationId);
    }

    private static void TakeDone(MigrationRun run, string folder, string id)
    {
        if (HandOverFiles.Read<HandOverDoneFile>(folder, HandOverFiles.Done) is { } done)
        {
            RequireSame(Path.Combine(folder, HandOverFiles.Done), run.Record.Option, done.Option, id, done.MigrationId);
            run.Change(record => record with { Done = done });
        }
    }

    private static async Task TakeHandOverAsync(MigrationRun run, string folder, SecureString? backupPassword, Operation operation)
    {
        var path = Path.Combine(folder, HandOverFiles.HandOver);
        if (run.Record.HandedOver is not null)
        {
            return;
        }

        var movesDatabases = GuideSteps.MovesDatabases(run.Record.Option);
        if (HandOverFiles.Read<HandedOverFile>(folder, HandOverFiles.HandOver) is not { } given)
        {
            // Option 1 installs and says that it is ready before the old side does anything.
            if (movesDatabases)
            {
                throw MigrationErrors.HandOverMissing.Error(path);
            }

            return;
        }

        RequireSame(path, run.Record.Option, given.Option, movesDatabases ? given.MigrationId : run.Record.Id, given.MigrationId);
        if (movesDatabases)
        {
            // The archive is proved file by file when it is imported.
            Take(run, given, path);
            return;
        }

        var backup = Path.Combine(folder, HandOverFiles.Backup);
        if (!File.Exists(backup))
        {
            throw MigrationErrors.HandOverMissing.Error(backup);
        }

        var content = PrivateFiles.ReadShared(backup);
        if (!string.Equals(Sha256.Hex(content), given.BackupSha256, StringComparison.OrdinalIgnoreCase))
        {
            throw MigrationErrors.HandOverDamaged.Error(backup, Text["HandOverBackupDiffers"]);
        }

        if (backupPassword is not null)
        {
            // Found now, while the other company can still be asked; nothing was done on this side.
            await SettingsBackupFile.VerifyAsync(backup, backupPassword, operation).ConfigureAwait(false);
        }

        if (!run.IsPlan)
        {
            PrivateFiles.Replace(run.File(MigrationFiles.SettingsBackup), content);
        }

        Take(run, given, path);
    }

    private static void Take(MigrationRun run, HandedOverFile given, string path)
    {
        var name = string.Equals(given.Setup, run.Record.Destination?.Name, StringComparison.OrdinalIgnoreCase) ? given.Setup + "-old" : given.Setup;
        foreach (var entry in given.Events)
        {
            run.JournalFile.Append(entry with { Setup = name });
        }

        run.JournalFile.Write(MigrationEvents.HandOverTaken, MigrationEvents.NoSetup, ("file", path));
        run.Change(record => record with
        {
            PhoneNumber = given.PhoneNumber,
            Source = new SetupRecord { Name = name, ApiUri = given.ApiUri },
            SourceFacts = given.Facts,
            HandedOver = given with { Events = [] },
        });
    }

    private static async Task GiveReadyAsync(MigrationRun run, string folder, Operation operation)
    {
        var destination = run.Destination!;
        if (!operation.May(Path.Combine(folder, HandOverFiles.Ready), Text["WriteReady"]))
        {
            return;
        }

        var context = new CheckContext(null, destination, run, null, operation);
        var checks = await CheckRunner.RunAsync(WaCheckPhase.Ready, context).ConfigureAwait(false);
        var own = checks.Where(check => !CheckList.IsOfBothSides(check.Name)).ToList();
        CheckRunner.Require(WaCheckPhase.Ready, own, operation);
        HandOverFiles.Write(folder, HandOverFiles.Ready, new ReadyFile
        {
            Option = run.Record.Option,
            Setup = destination.Name,
            CreatedAt = operation.Time.GetUtcNow(),
            MigrationId = run.Record.Id,
            Topology = TopologyRecord.From(await context.DestinationTopologyAsync().ConfigureAwait(false)),
            Checks = own,
        });
    }

    private static async Task GiveBackupAsync(MigrationRun run, string folder, Operation operation)
    {
        var source = run.Source!;
        if (!operation.May(Path.Combine(folder, HandOverFiles.HandOver), Text["WriteHandOver"]))
        {
            return;
        }

        // Nobody over there can look whether the old client is stopped, so it is proved here once more.
        await StoppedProof.RequireAsync(source, operation).ConfigureAwait(false);
        PrivateFiles.CreateFolder(folder);
        byte[] backup = [];
        if (!GuideSteps.MovesDatabases(run.Record.Option))
        {
            backup = PrivateFiles.ReadShared(run.File(MigrationFiles.SettingsBackup));
            PrivateFiles.Replace(Path.Combine(folder, HandOverFiles.Backup), backup);
        }

        HandOverFiles.Write(folder, HandOverFiles.HandOver, new HandedOverFile
        {
            Option = run.Record.Option,
            Setup = source.Name,
            CreatedAt = operation.Time.GetUtcNow(),
            MigrationId = run.Record.Ready?.MigrationId ?? run.Record.Id,
            PhoneNumber = run.Record.PhoneNumber ?? string.Empty,
            ApiUri = source.ApiUri,
            Facts = run.Record.SourceFacts ?? new SourceFacts(),
            BackupSha256 = backup.Length == 0 ? string.Empty : Sha256.Hex(backup),
            Events = [.. run.JournalFile.Events.Where(entry => entry.Setup == source.Name && Told.Contains(entry.Kind)).Select(Public)],
        });
    }

    /// <summary>Paths and names of containers of this company are none of the other's business.</summary>
    private static JournalEvent Public(JournalEvent entry) => entry with { Values = new Dictionary<string, string>() };

    private static void RequireSame(string path, int option, int givenOption, string id, string givenId)
    {
        if (option != givenOption)
        {
            throw MigrationErrors.HandOverOfAnother.Error(path, Text.Format("DifferentOption", givenOption, option));
        }

        if (id != givenId)
        {
            throw MigrationErrors.HandOverOfAnother.Error(path, Text["DifferentHandOver"]);
        }
    }
}
