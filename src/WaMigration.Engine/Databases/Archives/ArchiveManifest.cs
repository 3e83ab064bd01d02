using System.Text.Json.Serialization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Archives;

/// <summary>What an archive says of itself. Written last: a folder without it is an export that was cut.</summary>
internal sealed record ArchiveManifest
{
    /// <summary>The format that this module writes, and the newest that it reads.</summary>
    internal const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ServerFacts Server { get; init; }

    /// <summary>What stands before the names of the databases.</summary>
    public required string NamePrefix { get; init; }

    /// <summary>How far all databases are from one moment: with the client stopped there is no other; else each is one by itself.</summary>
    public required string Consistency { get; init; }

    /// <summary>The moment of all databases in the server's own words; null where there is no common one.</summary>
    public string? Cut { get; init; }

    /// <summary>What wrote the rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WaCopyMethod Method { get; init; }

    /// <summary>The dump tool, as it says itself; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tool { get; init; }

    public required string DigestRecipe { get; init; }

    public required IReadOnlyList<ArchiveDatabase> Databases { get; init; }

    /// <summary>All files but this one, by path.</summary>
    public required IReadOnlyList<ArchiveFile> Files { get; init; }

    /// <summary>Stands for all bytes of this file.</summary>
    public string Mac { get; init; } = string.Empty;
}
