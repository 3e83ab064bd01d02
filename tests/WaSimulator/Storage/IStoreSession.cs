using System.Data.Common;

namespace WaSimulator.Storage;

/// <summary>Statements on one database, each on its own or inside a transaction. SQL here is what all engines share.</summary>
internal interface IStoreSession
{
    /// <summary>SQL expression: the server's clock, milliseconds since 1970.</summary>
    string Now { get; }

    Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters);

    Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters);

    /// <summary>Inserts the row, or updates the one with the same key; the engines word this differently.</summary>
    Task UpsertAsync(
        string table,
        IReadOnlyList<(string Column, object? Value)> key,
        IReadOnlyList<(string Column, object? Value)> values,
        CancellationToken cancellationToken);

    /// <summary>Inserts the row unless one with the same key is there; says whether it did.</summary>
    Task<bool> InsertMissingAsync(
        string table,
        IReadOnlyList<string> key,
        IReadOnlyList<(string Column, object? Value)> row,
        CancellationToken cancellationToken);

    /// <summary>True when this database has a table of that name.</summary>
    Task<bool> HasTableAsync(string table, CancellationToken cancellationToken);

    /// <summary>Carries out a statement of a <see cref="StoreSchema"/>, in the engine's own words.</summary>
    Task DefineAsync(string statement, CancellationToken cancellationToken);
}
