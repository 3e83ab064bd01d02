using WaMigration.Databases.Copying;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>What was found in a database, in an order in which it can be made.</summary>
internal sealed class MySqlFindings
{
    internal List<SchemaObject> Objects { get; } = [];

    internal List<string> NotCarried { get; } = [];

    /// <summary>Accounts that objects act as, or that have grants.</summary>
    internal HashSet<string> Accounts { get; } = new(StringComparer.Ordinal);

    internal void Add(string kind, string name, SchemaPhase phase, string? table, IReadOnlyList<string> statements, string? definer = null) =>
        Objects.Add(new SchemaObject(kind, MySqlRows.Quote(name), phase, table, statements) { Definer = definer });
}
