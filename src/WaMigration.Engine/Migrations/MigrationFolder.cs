using WaMigration.Security;

namespace WaMigration.Migrations;

/// <summary>A migration's folder: made, opened for a run, or merely read.</summary>
internal static class MigrationFolder
{
    /// <summary>Opens the folder for a run, or makes it; takes the lock first, so that nobody else writes.</summary>
    internal static async Task<MigrationRun> OpenAsync(string path, MigrationRecord asked, Operation operation)
    {
        RefuseForeign(path);
        PrivateFiles.CreateFolder(path);
        var held = await MigrationLock.AcquireAsync(path, operation).ConfigureAwait(false);
        JournalFile? journal = null;
        try
        {
            var recordPath = Path.Combine(path, MigrationFiles.Record);
            var kept = File.Exists(recordPath) ? MigrationRecord.Parse(PrivateFiles.ReadShared(recordPath), recordPath) : null;
            if (kept is not null)
            {
                RefuseAnother(path, kept, asked);
            }

            journal = JournalFile.Open(Path.Combine(path, MigrationFiles.Journal), operation);
            return new MigrationRun(path, kept ?? asked, kept is null, journal, held, operation.Time);
        }
        catch
        {
            journal?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Under -WhatIf: the record as it is or would be made, and nothing on disk touched.</summary>
    internal static MigrationRun Plan(string path, MigrationRecord asked, Operation operation)
    {
        RefuseForeign(path);
        var recordPath = Path.Combine(path, MigrationFiles.Record);
        if (!File.Exists(recordPath))
        {
            operation.Console.WhatIf(path, MigrationText.Catalog.Format("MakeFolder", MigrationFiles.Record, MigrationFiles.Journal));
            return new MigrationRun(path, asked, true, JournalFile.Empty(operation.Time), null, operation.Time);
        }

        var kept = MigrationRecord.Parse(PrivateFiles.ReadShared(recordPath), recordPath);
        RefuseAnother(path, kept, asked);
        return new MigrationRun(path, kept, false, JournalFile.ReadOnly(Path.Combine(path, MigrationFiles.Journal), operation), null, operation.Time);
    }

    /// <summary>Reads where a migration stands, also while another process runs it.</summary>
    internal static MigrationSnapshot Read(string path, Operation operation)
    {
        var recordPath = Path.Combine(path, MigrationFiles.Record);
        if (!File.Exists(recordPath))
        {
            throw MigrationErrors.MigrationNotFound.Error(path);
        }

        var holder = MigrationLock.CurrentHolder(path);
        var record = MigrationRecord.Parse(PrivateFiles.ReadShared(recordPath), recordPath);
        using var journal = JournalFile.ReadOnly(Path.Combine(path, MigrationFiles.Journal), operation);
        if (holder is null)
        {
            record = record.AfterItsRun();
        }

        return new MigrationSnapshot(path, record, journal.Events, operation.Time.GetUtcNow());
    }

    private static void RefuseForeign(string path)
    {
        if (!Directory.Exists(path) || File.Exists(Path.Combine(path, MigrationFiles.Record)))
        {
            return;
        }

        var others = Directory.EnumerateFileSystemEntries(path)
            .Select(Path.GetFileName)
            .Where(name => !MigrationFiles.BeforeRecord.Contains(name))
            .Take(5)
            .ToArray();
        if (others.Length > 0)
        {
            throw MigrationErrors.MigrationFolderForeign.Error(path, string.Join(", ", others));
        }
    }

    private static void RefuseAnother(string path, MigrationRecord kept, MigrationRecord asked)
    {
        var differences = MigrationIdentity.Differences(kept, asked);
        if (differences.Count > 0)
        {
            throw MigrationErrors.MigrationFolderOfAnother.Error(path, string.Join("; ", differences));
        }
    }
}
