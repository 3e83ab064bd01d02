using System.Globalization;
using System.Security;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Settings;

/// <summary>Backs the settings, the registration and the keys of a client up into a file.</summary>
internal static class SettingsBackup
{
    /// <summary>
    /// Writes the file, syncs it, reads it back from disk and opens it with the very password: only then is it a backup.
    /// A file that is there already stays, also where a forced replacement fails.
    /// </summary>
    internal static async Task<WaSettingsBackup> RunAsync(WaSetup setup, string path, SecureString password, bool force, Operation operation)
    {
        RequirePath(path, password, force, mayLackFolder: setup.Journal.IsPlanned);
        var api = setup.Api(operation);
        string number;
        WaTopology topology;
        try
        {
            number = await NumberAsync(setup, api, operation).ConfigureAwait(false);
            topology = await TopologyAsync(setup, api, operation).ConfigureAwait(false);
        }
        catch (NotInstalledYetException)
        {
            operation.Console.WhatIf(path, SettingsErrors.Phrase("PlanBackup", setup.Name));
            return new WaSettingsBackup(path, setup.Name, setup.PhoneNumber ?? string.Empty, setup.ClientVersion, Nothing, operation.Time.GetUtcNow(), string.Empty);
        }

        var now = operation.Time.GetUtcNow();
        var backup = new WaSettingsBackup(path, setup.Name, number, topology.ClientVersion ?? setup.ClientVersion, topology, now, string.Empty);
        if (!operation.May(path, SettingsErrors.Phrase("PlanBackup", number)))
        {
            return backup;
        }

        var data = await api.BackupSettingsAsync(password.Reveal(), operation.Cancellation).ConfigureAwait(false);
        var content = await Task.Run(() => SettingsBackupFile.Seal(backup, data, password), operation.Cancellation).ConfigureAwait(false);
        var written = await WriteAsync(path, content, data, password, operation).ConfigureAwait(false);
        setup.Journal.Write(
            JournalKinds.BackupWritten,
            setup.Name,
            ("path", path),
            ("sha256", written.Sha256),
            ("phoneNumber", number),
            ("createdAt", now.ToString("O", CultureInfo.InvariantCulture)));
        return written;
    }

    private static WaTopology Nothing => new(null, null, null, null, null, WaDatabaseEngine.Unknown, false, []);

    private static void RequirePath(string path, SecureString password, bool force, bool mayLackFolder)
    {
        if (password.Length == 0)
        {
            throw SettingsErrors.BackupPasswordEmpty.Error(path);
        }

        if (Directory.Exists(path))
        {
            throw SettingsErrors.BackupPathIsFolder.Error(path);
        }

        if (File.Exists(path) && !force)
        {
            throw SettingsErrors.BackupExists.Error(path);
        }

        if (!mayLackFolder && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw SettingsErrors.BackupFolderMissing.Error(path);
        }
    }

    private static async Task<string> NumberAsync(WaSetup setup, IWaApi api, Operation operation)
    {
        var support = await SupportFacts.ReadAsync(api, operation.Cancellation).ConfigureAwait(false);
        if (support.SaysUnregistered)
        {
            throw SettingsErrors.ClientNotRegistered.Error(setup.Name);
        }

        return setup.PhoneNumber = support.PhoneNumber ?? throw SetupErrors.NumberUnknown.Error(setup.Name);
    }

    /// <summary>A backup with gaps is better than none: it says so, and the restore asks.</summary>
    private static async Task<WaTopology> TopologyAsync(WaSetup setup, IWaApi api, Operation operation)
    {
        var topology = await TopologyComparison.ReadAsync(setup, api, operation).ConfigureAwait(false);
        var missing = TopologyComparison.Missing(topology);
        if (missing.Count > 0)
        {
            operation.Console.Warning(SettingsErrors.Phrase("WarnTopology", setup.Name, string.Join(", ", missing)));
        }

        return topology;
    }

    private static async Task<WaSettingsBackup> WriteAsync(string path, byte[] content, string data, SecureString password, Operation operation)
    {
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        PrivateFiles.Replace(path, content);
        try
        {
            var back = await SettingsBackupFile.ReadAsync(path, password, operation).ConfigureAwait(false);
            return string.Equals(back.Data, data, StringComparison.Ordinal) ? back.Backup : throw SettingsErrors.BackupNotVerified.Error(path);
        }
        catch (WaException failure)
        {
            if (before is not null)
            {
                PrivateFiles.Replace(path, before);
            }

            throw failure.Kind == SettingsErrors.BackupNotVerified ? failure : SettingsErrors.BackupNotVerified.Error(path, failure, []);
        }
    }
}
