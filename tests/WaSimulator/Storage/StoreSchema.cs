namespace WaSimulator.Storage;

/// <summary>A database and its schema. The DDL uses type tokens that each engine replaces: {id}, {blob}, {text}, {bool}.</summary>
/// <param name="Name">Logical name; the physical one has WA_DB_NAME_PREFIX in front.</param>
/// <param name="Version">Schema version that this client writes and reads.</param>
/// <param name="Statements">DDL of a new database.</param>
/// <param name="Upgrades">DDL that brings a database of the version before the key to it.</param>
internal sealed record StoreSchema(
    string Name,
    int Version,
    IReadOnlyList<string> Statements,
    IReadOnlyDictionary<int, IReadOnlyList<string>> Upgrades);
