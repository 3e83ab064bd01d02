namespace WaMigration;

/// <summary>An archive of databases: a folder that Export-WaDatabase wrote.</summary>
public sealed class WaDatabaseArchive
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>The databases in it, as their server called them.</summary>
    public required string[] Databases { get; init; }

    /// <summary>What stands before their names.</summary>
    public required string NamePrefix { get; init; }

    /// <summary>The engine that they are of.</summary>
    public WaDatabaseEngine DatabaseEngine { get; init; }

    /// <summary>The version of their server.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Its files open with a password alone.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Rows of all tables.</summary>
    public long Rows { get; init; }

    /// <summary>Bytes of the rows, before they were packed.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes on disk.</summary>
    public long FileBytes { get; init; }

    /// <summary>How long it took to write or to prove it.</summary>
    public double Seconds { get; init; }

    /// <summary>The tables.</summary>
    public required WaTableCopy[] Tables { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
