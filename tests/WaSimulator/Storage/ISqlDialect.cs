using System.Data.Common;

namespace WaSimulator.Storage;

/// <summary>What the database engines word differently.</summary>
internal interface ISqlDialect
{
    /// <summary>SQL expression: the server's clock, milliseconds since 1970.</summary>
    string Now { get; }

    /// <summary>SQL: how many tables of the name @table are in this database.</summary>
    string CountTables { get; }

    /// <summary>A statement of a <see cref="StoreSchema"/> with the engine's own types.</summary>
    string Ddl(string statement);

    /// <summary>SQL: inserts the columns as parameters of the same names, or updates the row with the same key.</summary>
    string Upsert(string table, IReadOnlyList<string> key, IReadOnlyList<string> values);

    /// <summary>SQL: inserts the columns as parameters of the same names; where the row is there already it may be refused.</summary>
    string InsertMissing(string table, IReadOnlyList<string> key, IReadOnlyList<string> columns);

    /// <summary>Refused because a row with this key is there.</summary>
    bool IsDuplicate(DbException problem);

    /// <summary>Refused because what it makes was made before; only where DDL is not undone with its transaction.</summary>
    bool IsMadeBefore(DbException problem);

    /// <summary>Undone by the server, for another session's sake or because a person had ended this one: to be done again.</summary>
    bool IsUndone(DbException problem);
}
