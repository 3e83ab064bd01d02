using System.Text.Json.Serialization;

namespace WaMigration.Databases.Copying;

/// <summary>A part of a table that is read and written as one: all of it or nothing.</summary>
/// <param name="Number">From 0, in the table.</param>
/// <param name="From">The first page, or the first key where keys are whole numbers.</param>
/// <param name="To">The page or key after the last; null where it has no bound.</param>
/// <param name="Bytes">About how much it is.</param>
internal sealed record Chunk(int Number, long From, long? To, long Bytes)
{
    /// <summary>The first key, where keys are no numbers; null where it has no bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstKey { get; init; }

    /// <summary>The key after the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndKey { get; init; }
}
