using System.Text.Json.Serialization;

namespace WaMigration.Databases.Copying;

/// <summary>A table whose rows are copied.</summary>
internal sealed record TableModel
{
    /// <summary>Full name, quoted for statements.</summary>
    public required string Name { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>The columns of its key, quoted; empty where it has none.</summary>
    public required IReadOnlyList<TableColumn> Key { get; init; }

    /// <summary>Physical size when it was planned.</summary>
    public required long Bytes { get; init; }

    /// <summary>Pages, or whatever the engine reads ranges by.</summary>
    public required long Pages { get; init; }

    /// <summary>The large objects of a database, which look like a table to the engine.</summary>
    public bool IsLargeObjects { get; init; }

    /// <summary>No part of it can be replaced by itself: it has no transactions, or keeps its own history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsWhole { get; init; }

    /// <summary>Its rows are those of its history, too, each with the time that it was there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasHistory { get; init; }

    /// <summary>The bytes of its largest value, where they were measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Largest { get; init; }

    /// <summary>What the first column of the key is for ranges, which have the same order on every server.</summary>
    public RangeKind Range { get; init; }

    /// <summary>Whether all its columns may travel in binary.</summary>
    internal bool IsPortable => Columns.All(column => !column.IsStored || column.IsPortable);

    internal IEnumerable<TableColumn> Stored => Columns.Where(column => column.IsStored);
}
