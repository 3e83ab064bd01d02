namespace WaMigration;

/// <summary>A database of a client, on its server.</summary>
public sealed class WaDatabase
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The store that it holds; Unclassified where it only begins like the client's databases.</summary>
    public required string Store { get; init; }

    /// <summary>How many tables are in it.</summary>
    public int Tables { get; init; }

    /// <summary>Its size on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>Sessions of others on it.</summary>
    public int Sessions { get; init; }

    /// <summary>Its encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>Its collation.</summary>
    public required string Collation { get; init; }

    /// <summary>A copy to it was cut, and waits to be gone on with.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Its server, as host and port.</summary>
    public required string Server { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
