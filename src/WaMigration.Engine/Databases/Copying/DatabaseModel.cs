namespace WaMigration.Databases.Copying;

/// <summary>Everything that a copy of one database is made of, without the rows.</summary>
internal sealed record DatabaseModel
{
    /// <summary>The name on its server.</summary>
    public required string Name { get; init; }

    /// <summary>The store that it holds; null where it is none of a client's.</summary>
    public string? Store { get; init; }

    /// <summary>Encoding, collation and the like, by name: what the database itself is made with.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Statements about the database itself; {0} stands for its quoted name.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>In an order in which they can be made.</summary>
    public required IReadOnlyList<SchemaObject> Objects { get; init; }

    /// <summary>The tables with rows.</summary>
    public required IReadOnlyList<TableModel> Tables { get; init; }

    /// <summary>Where the counters stand.</summary>
    public required IReadOnlyList<CounterPosition> Sequences { get; init; }

    /// <summary>What cannot be carried, each with its name.</summary>
    public required IReadOnlyList<string> NotCarried { get; init; }

    /// <summary>What the copy needs on the target's server: kind and name.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether owners and grants were read, too.</summary>
    public bool IncludesOwner { get; init; }

    /// <summary>Grants and owners that are left out because nobody asked for them.</summary>
    public int GrantsLeftOut { get; init; }

    /// <summary>Archives of before say it by the owners that are in them.</summary>
    internal bool HasOwners() => IncludesOwner || Objects.Any(item => item.Kind == "owner");

    /// <summary>Without what accounts may do that have no part in the other one: a server has accounts of its own.</summary>
    internal DatabaseModel WithoutAccountsBeside(DatabaseModel other) =>
        this with { Objects = [.. Objects.Where(item => item.Kind != SchemaObject.PrivilegesKind || other.Objects.Any(one => one.Key == item.Key))] };
}
