using System.Globalization;
using WaMigration.Containers;
using WaMigration.Setups.Settings;

namespace WaMigration.Migrations.Checks;

/// <summary>What must be so before the old client goes, since afterwards it cannot be made so any more.</summary>
internal static class CutOverChecks
{
    /// <summary>Events of the old side after which a backup is no longer what the client is.</summary>
    private static readonly string[] Changes =
    [
        JournalKinds.SettingsChanged,
        JournalKinds.WebhookClearing,
        JournalKinds.WebhookCleared,
        JournalKinds.WebhookSetting,
        JournalKinds.WebhookSet,
        JournalKinds.TwoStepDisabling,
        JournalKinds.TwoStepDisabled,
        JournalKinds.TwoStepEnabling,
        JournalKinds.TwoStepEnabled,
    ];

    /// <summary>Read again from disk, and opened with the very password that the restore will use.</summary>
    internal static async Task<CheckFinding?> BackupAsync(CheckContext context)
    {
        if (context.Run is not { } run)
        {
            return CheckFinding.Unknown("MigrationNeeded");
        }

        if (context.BackupPassword is not { } password)
        {
            return CheckFinding.Unknown("BackupPasswordMissing");
        }

        var path = run.File(MigrationFiles.SettingsBackup);
        if (!File.Exists(path))
        {
            return run.IsPlan ? CheckFinding.Passed("BackupPlanned", path) : CheckFinding.Failed("BackupMissing", path);
        }

        try
        {
            var backup = await SettingsBackupFile.VerifyAsync(path, password, context.Operation).ConfigureAwait(false);
            return run.Record.PhoneNumber is { } number && number != backup.PhoneNumber
                ? CheckFinding.Failed("BackupOfAnother", path, backup.PhoneNumber, number)
                : CheckFinding.Passed("BackupOpens", path, backup.PhoneNumber, Local(backup.CreatedAt));
        }
        catch (WaException failure)
        {
            // Read it was, and it is not good: that is no Unknown.
            return new CheckFinding(WaCheckStatus.Failed, failure.Message, failure.Remedy);
        }
    }

    /// <summary>Nothing was changed on the old side since.</summary>
    internal static Task<CheckFinding?> BackupIsCurrentAsync(CheckContext context)
    {
        if (context.State is not { } state || context.Run is not { } run)
        {
            return Task.FromResult<CheckFinding?>(null);
        }

        var path = run.File(MigrationFiles.SettingsBackup);
        if (!File.Exists(path))
        {
            return Task.FromResult<CheckFinding?>(null);
        }

        var backup = SettingsBackupFile.ReadHeader(path);
        var change = state.Last(state.SourceName, Changes);
        return Task.FromResult<CheckFinding?>(change is not null && change.At > backup.CreatedAt
            ? CheckFinding.Failed("BackupOld", path, Local(backup.CreatedAt), change.Kind, Local(change.At))
            : CheckFinding.Passed("BackupCurrent", Local(backup.CreatedAt)));
    }

    /// <summary>What later steps will ask for is in hand.</summary>
    internal static Task<CheckFinding?> SecretsAsync(CheckContext context)
    {
        if (context.Run is not { } run)
        {
            return Task.FromResult<CheckFinding?>(null);
        }

        var missing = run.Record.Secrets
            .Where(secret => !run.Record.Step(secret.Value).IsBehind && !run.SecretsGiven.Contains(secret.Key))
            .Select(secret => "-" + secret.Key)
            .ToList();
        return Task.FromResult<CheckFinding?>(missing.Count > 0
            ? CheckFinding.Failed("SecretsMissing", string.Join(", ", missing))
            : CheckFinding.Passed("SecretsThere"));
    }

    /// <summary>The old client still is the one that the backup was made of.</summary>
    internal static async Task<CheckFinding?> SourceRegisteredAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var support = await context.SourceSupportAsync().ConfigureAwait(false);
        if (support.SaysUnregistered)
        {
            return CheckFinding.Failed("SourceUnregistered", source.Name);
        }

        return support.PhoneNumber is not { } number ? CheckFinding.Unknown("SourceNumberUnknown", source.Name)
            : context.Run?.Record.PhoneNumber is { } expected && expected != number ? CheckFinding.Failed("SourceOfAnother", source.Name, number, expected)
            : CheckFinding.Passed("SourceNumberKnown", source.Name, number);
    }

    /// <summary>What would be left behind; the removal drains it, and decides.</summary>
    internal static async Task<CheckFinding?> UndeliveredAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var left = await PendingCounts.FromApiAsync(source, context.Operation).ConfigureAwait(false)
            ?? await PendingCounts.FromDatabasesAsync(source, context.Operation).ConfigureAwait(false);
        return left is null ? CheckFinding.Warning("UndeliveredNotKnown", source.Name)
            : left.IsNone ? CheckFinding.Passed("NothingUndelivered", source.Name)
            : CheckFinding.Warning("Undelivered", source.Name, left.Messages, left.Callbacks);
    }

    /// <summary>What is undelivered goes along with its databases, and is delivered by the new client.</summary>
    internal static async Task<CheckFinding?> CarriedAsync(CheckContext context)
    {
        if (context.ServingSource is not { } source)
        {
            return null;
        }

        var left = await PendingCounts.FromApiAsync(source, context.Operation).ConfigureAwait(false)
            ?? await PendingCounts.FromDatabasesAsync(source, context.Operation).ConfigureAwait(false);
        return left is null ? CheckFinding.Warning("UndeliveredNotKnown", source.Name)
            : left.IsNone ? CheckFinding.Passed("NothingUndelivered", source.Name)
            : CheckFinding.Passed("UndeliveredCarried", source.Name, left.Messages, left.Callbacks);
    }

    private static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("G", CultureInfo.CurrentCulture);
}
