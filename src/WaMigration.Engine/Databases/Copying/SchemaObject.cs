using System.Text.Json.Serialization;

namespace WaMigration.Databases.Copying;

/// <summary>One object of a database, as the statements that make it. Equal objects have equal statements.</summary>
/// <param name="Kind">What it is, e.g. index.</param>
/// <param name="Name">Its full name, unique among its kind.</param>
/// <param name="Phase">When it is made.</param>
/// <param name="Table">The table that it waits for; null where it belongs to none.</param>
/// <param name="Statements">What makes it, in order; each stands alone.</param>
internal sealed record SchemaObject(string Kind, string Name, SchemaPhase Phase, string? Table, IReadOnlyList<string> Statements)
{
    /// <summary>What an account may do, on engines where accounts are the server's.</summary>
    internal const string PrivilegesKind = "privileges";

    /// <summary>The account that it acts as, where that is no part of the statements.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Definer { get; init; }

    /// <summary>What it is called in the ledger.</summary>
    internal string Key => Kind + " " + Name;

    /// <summary>Whether the other one is made by the same statements.</summary>
    internal bool IsMadeLike(SchemaObject other) => Statements.SequenceEqual(other.Statements, StringComparer.Ordinal);
}
