using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Settings;

/// <summary>
/// The file that a settings backup is kept in: what a restore must know beforehand, readable, and the client's data sealed
/// under the backup password.
/// </summary>
internal static class SettingsBackupFile
{
    private static readonly SealedFile File = new(
        "WaMigration.SettingsBackup",
        1,
        new SealedFileErrors(
            SettingsErrors.BackupMissing,
            SettingsErrors.BackupNotRecognised,
            SettingsErrors.BackupFormatNewer,
            SettingsErrors.BackupDamaged,
            SettingsErrors.WrongBackupPassword));

    /// <summary>Makes the content of a file.</summary>
    internal static byte[] Seal(WaSettingsBackup backup, string data, SecureString password)
    {
        var header = new JsonObject
        {
            ["phoneNumber"] = backup.PhoneNumber,
            ["setup"] = backup.Setup,
            ["clientVersion"] = backup.ClientVersion,
            ["createdAt"] = backup.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ["masters"] = backup.Topology.Masters,
            ["coreapps"] = backup.Topology.Coreapps,
            ["webapps"] = backup.Topology.Webapps,
            ["shards"] = backup.Topology.Shards,
            ["multiconnect"] = backup.Topology.IsMulticonnect,
            ["databaseEngine"] = backup.Topology.DatabaseEngine.ToString(),
        };
        return File.Seal(header, Encoding.UTF8.GetBytes(data), password);
    }

    /// <summary>Reads what the file says of itself, without its password. Whether it is whole is checked; who wrote it is not.</summary>
    internal static WaSettingsBackup ReadHeader(string path) => BackupOf(File.Read(path));

    /// <summary>Opens the file: proves that it is whole, that this is its password, and that its header is the one it was sealed with.</summary>
    internal static Task<SettingsBackupContent> ReadAsync(string path, SecureString password, Operation operation)
    {
        operation.Cancellation.ThrowIfCancellationRequested();

        // The key takes a noticeable time to derive by design; never on a caller's thread.
        return Task.Run(() => Read(path, password), operation.Cancellation);
    }

    /// <summary>The same where only the proof is wanted.</summary>
    internal static async Task<WaSettingsBackup> VerifyAsync(string path, SecureString password, Operation operation) =>
        (await ReadAsync(path, password, operation).ConfigureAwait(false)).Backup;

    private static SettingsBackupContent Read(string path, SecureString password)
    {
        var content = File.Read(path);
        return new SettingsBackupContent(BackupOf(content), Encoding.UTF8.GetString(File.Open(content, password)));
    }

    private static WaSettingsBackup BackupOf(SealedContent content)
    {
        var header = content.Header;
        return new WaSettingsBackup(
            content.Path,
            header.Text("setup") ?? string.Empty,
            header.Text("phoneNumber") ?? string.Empty,
            header.Text("clientVersion"),
            new WaTopology(
                header.Number("masters"),
                header.Number("coreapps"),
                header.Number("webapps"),
                header.Number("shards"),
                header.Text("clientVersion"),
                Enum.TryParse<WaDatabaseEngine>(header.Text("databaseEngine"), out var engine) ? engine : WaDatabaseEngine.Unknown,
                header.Flag("multiconnect") ?? false,
                []),
            DateTimeOffset.TryParseExact(header.Text("createdAt"), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                ? at
                : throw File.Incomplete(content.Path),
            content.Sha256);
    }
}

/// <summary>An opened backup: what it says of itself, and the client's own data, exactly as the client gave it.</summary>
internal sealed record SettingsBackupContent(WaSettingsBackup Backup, string Data);
