namespace WaMigration;

/// <summary>What was done with one table of a database.</summary>
public sealed class WaTableCopy
{
    /// <summary>The database, as the target calls it.</summary>
    public required string Database { get; init; }

    /// <summary>The table's full name.</summary>
    public required string Table { get; init; }

    /// <summary>The rows that it has.</summary>
    public long Rows { get; init; }

    /// <summary>The bytes that were moved.</summary>
    public long Bytes { get; init; }

    /// <summary>The time from its first byte to its last, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>What stands for all its rows, equal on both sides; null where it was not taken.</summary>
    public string? Digest { get; init; }

    /// <summary>What came of it.</summary>
    public WaTableState State { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Database + " " + Table;
}
