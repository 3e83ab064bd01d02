using System.Text.Json;
using System.Text.Json.Serialization;
using WaMigration.Security;

namespace WaMigration.Migrations;

/// <summary>
/// The files that two companies exchange, neither of which sees the other's machines: the new side says that it is
/// ready, the old side hands over, the new side says that it is done.
/// </summary>
internal static class HandOverFiles
{
    internal const int CurrentFormat = 1;
    internal const string Ready = "ready.json";
    internal const string HandOver = "hand-over.json";
    internal const string Backup = "settings-backup";
    internal const string Done = "done.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    internal static void Write<T>(string folder, string name, T content)
    {
        PrivateFiles.CreateFolder(folder);
        PrivateFiles.Replace(Path.Combine(folder, name), JsonSerializer.SerializeToUtf8Bytes(content, Json));
    }

    /// <summary>Reads one of the files; null where it is not there yet.</summary>
    /// <exception cref="WaException">HandOverDamaged, MigrationFormatNewer.</exception>
    internal static T? Read<T>(string folder, string name)
        where T : HandOverFile
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        T? content;
        try
        {
            content = JsonSerializer.Deserialize<T>(PrivateFiles.ReadShared(path), Json);
        }
        catch (JsonException failure)
        {
            throw MigrationErrors.HandOverDamaged.Error(path, failure, [], failure.Message);
        }

        if (content is null)
        {
            throw MigrationErrors.HandOverDamaged.Error(path, string.Empty);
        }

        return content.Format > CurrentFormat
            ? throw MigrationErrors.MigrationFormatNewer.Error(path, content.Format, CurrentFormat)
            : content;
    }
}

/// <summary>What all of these files say.</summary>
internal abstract record HandOverFile
{
    public int Format { get; init; } = HandOverFiles.CurrentFormat;

    /// <summary>The guide's option.</summary>
    public required int Option { get; init; }

    /// <summary>The setup's name at the company that wrote it.</summary>
    public required string Setup { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>ready.json: the new side is up and unregistered.</summary>
internal sealed record ReadyFile : HandOverFile
{
    /// <summary>The migration's identity there; the hand-over answers to it.</summary>
    public required string MigrationId { get; init; }

    public required TopologyRecord Topology { get; init; }

    public IReadOnlyList<WaCheck> Checks { get; init; } = [];
}

/// <summary>hand-over.json: the old side is gone, and everything that the new side needs lies beside it.</summary>
internal sealed record HandedOverFile : HandOverFile
{
    /// <summary>The ready file that it answers to.</summary>
    public required string MigrationId { get; init; }

    public required string PhoneNumber { get; init; }

    public required Uri ApiUri { get; init; }

    public required SourceFacts Facts { get; init; }

    /// <summary>SHA-256 of the backup beside it; empty where databases are handed over, which carry the settings.</summary>
    public required string BackupSha256 { get; init; }

    public IReadOnlyList<WaCheck> Checks { get; init; } = [];

    /// <summary>What was done to the old client, and when.</summary>
    public IReadOnlyList<JournalEvent> Events { get; init; } = [];
}

/// <summary>done.json: the new side serves.</summary>
internal sealed record HandOverDoneFile : HandOverFile
{
    public required string MigrationId { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required DateTimeOffset DatabasesMayGoAfter { get; init; }
}
