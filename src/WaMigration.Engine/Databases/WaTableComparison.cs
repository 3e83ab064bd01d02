namespace WaMigration;

/// <summary>What a comparison found of one table, one kind of object, or the counters of a database.</summary>
public sealed class WaTableComparison
{
    /// <summary>The database, as the first side calls it.</summary>
    public required string Database { get; init; }

    /// <summary>What was compared: table, objects, sequences, or large objects.</summary>
    public required string Kind { get; init; }

    /// <summary>Its full name.</summary>
    public required string Name { get; init; }

    /// <summary>Rows on the first side; null where there are none to count.</summary>
    public long? SourceRows { get; init; }

    /// <summary>Rows on the second side.</summary>
    public long? DestinationRows { get; init; }

    /// <summary>Both sides hold the same.</summary>
    public bool IsEqual { get; init; }

    /// <summary>What differs; empty where nothing does.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Database + " " + Name + (IsEqual ? " =" : " <>");
}
