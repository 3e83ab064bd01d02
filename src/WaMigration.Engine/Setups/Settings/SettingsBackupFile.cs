using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Settings;

/// <summary>
/// The file that a settings backup is kept in: a header that anybody may read, and the client's data sealed under the
/// backup password. The header is bound into the seal, so it cannot be changed; a checksum over both tells a damaged
/// file from a wrong password.
/// </summary>
internal static class SettingsBackupFile
{
    private const string Format = "WaMigration.SettingsBackup";
    private const int Version = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

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
        var box = PasswordBox.Seal(Encoding.UTF8.GetBytes(data), password.Reveal(), Context(header));
        var sealedText = Convert.ToBase64String(box);
        var file = new JsonObject
        {
            ["format"] = Format,
            ["version"] = Version,
            ["header"] = header,
            ["data"] = sealedText,
            ["sha256"] = Checksum(header, sealedText),
        };
        return Encoding.UTF8.GetBytes(file.ToJsonString(Json) + "\n");
    }

    /// <summary>Reads what the file says of itself, without its password. Whether it is whole is checked; who wrote it is not.</summary>
    internal static WaSettingsBackup ReadHeader(string path) => Parse(path).Backup;

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
        var (backup, header, box) = Parse(path);
        byte[]? plain;
        try
        {
            plain = PasswordBox.Open(box, password.Reveal(), Context(header));
        }
        catch (InvalidDataException failure)
        {
            throw SettingsErrors.BackupDamaged.Error(path, failure, [], SettingsErrors.Phrase("DamagedInside"));
        }

        return plain is null
            ? throw SettingsErrors.WrongBackupPassword.Error(path)
            : new SettingsBackupContent(backup, Encoding.UTF8.GetString(plain));
    }

    private static (WaSettingsBackup Backup, JsonObject Header, byte[] Box) Parse(string path)
    {
        var bytes = Load(path);
        var text = Encoding.UTF8.GetString(bytes);
        JsonObject? file;
        try
        {
            file = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException failure)
        {
            throw bytes.Length == 0 || text.Has(Format)
                ? SettingsErrors.BackupDamaged.Error(path, failure, [], SettingsErrors.Phrase("DamagedCut"))
                : SettingsErrors.BackupNotRecognised.Error(path, failure, []);
        }

        if (file?.Text("format") != Format)
        {
            throw SettingsErrors.BackupNotRecognised.Error(path);
        }

        if (file.Number("version") is { } version && version > Version)
        {
            throw SettingsErrors.BackupFormatNewer.Error(path, version, Version);
        }

        if (file.Object("header") is not { } header || file.Text("data") is not { } data || file.Text("sha256") is not { } sum)
        {
            throw SettingsErrors.BackupDamaged.Error(path, SettingsErrors.Phrase("DamagedInside"));
        }

        if (!string.Equals(sum, Checksum(header, data), StringComparison.Ordinal))
        {
            throw SettingsErrors.BackupDamaged.Error(path, SettingsErrors.Phrase("DamagedSum"));
        }

        try
        {
            return (BackupOf(path, header, Sha256.Hex(bytes)), header, Convert.FromBase64String(data));
        }
        catch (FormatException failure)
        {
            throw SettingsErrors.BackupDamaged.Error(path, failure, [], SettingsErrors.Phrase("DamagedInside"));
        }
    }

    private static byte[] Load(string path)
    {
        try
        {
            return PrivateFiles.ReadShared(path);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SettingsErrors.BackupMissing.Error(path, failure, []);
        }
    }

    private static WaSettingsBackup BackupOf(string path, JsonObject header, string sha256) => new(
        path,
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
        DateTimeOffset.ParseExact(header.Text("createdAt") ?? string.Empty, "O", CultureInfo.InvariantCulture),
        sha256);

    /// <summary>The header in one spelling, whatever white space an editor left in the file.</summary>
    private static string Context(JsonObject header) => Format + "/" + Version.ToString(CultureInfo.InvariantCulture) + "\n" + header.ToJsonString();

    private static string Checksum(JsonObject header, string sealedText) =>
        Sha256.Hex(Encoding.UTF8.GetBytes(Context(header) + "\n" + sealedText));
}

/// <summary>An opened backup: what it says of itself, and the client's own data, exactly as the client gave it.</summary>
internal sealed record SettingsBackupContent(WaSettingsBackup Backup, string Data);
