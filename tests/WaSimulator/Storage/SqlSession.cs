using System.Data.Common;

namespace WaSimulator.Storage;

/// <summary>Statements over a connection that the derived class provides.</summary>
internal abstract class SqlSession(ISqlDialect dialect) : IStoreSession
{
    public string Now => dialect.Now;

    protected ISqlDialect Dialect => dialect;

    /// <summary>The transaction that every statement belongs to, or null.</summary>
    protected virtual DbTransaction? Transaction => null;

    public async Task<int> ExecuteAsync(
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
    {
        return await RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(connection, sql, parameters);
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
    {
        return await RunAsync(
            async (connection, token) =>
            {
                await using var command = Command(connection, sql, parameters);
                await using var reader = await command.ExecuteReaderAsync(token);
                var rows = new List<T>();
                while (await reader.ReadAsync(token))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);
    }

    public async Task UpsertAsync(
        string table,
        IReadOnlyList<(string Column, object? Value)> key,
        IReadOnlyList<(string Column, object? Value)> values,
        CancellationToken cancellationToken) => await ExecuteAsync(
            dialect.Upsert(table, [.. key.Select(part => part.Column)], [.. values.Select(part => part.Column)]),
            cancellationToken,
            [.. key, .. values]);

    public async Task<bool> InsertMissingAsync(
        string table,
        IReadOnlyList<string> key,
        IReadOnlyList<(string Column, object? Value)> row,
        CancellationToken cancellationToken)
    {
        try
        {
            var sql = dialect.InsertMissing(table, key, [.. row.Select(part => part.Column)]);
            return await ExecuteAsync(sql, cancellationToken, [.. row]) == 1;
        }
        catch (DbException problem) when (dialect.IsDuplicate(problem))
        {
            return false;
        }
    }

    public async Task<bool> HasTableAsync(string table, CancellationToken cancellationToken) =>
        await this.CountAsync(dialect.CountTables, cancellationToken, ("table", table)) > 0;

    public async Task DefineAsync(string statement, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(dialect.Ddl(statement), cancellationToken);
        }
        catch (DbException problem) when (dialect.IsMadeBefore(problem))
        {
            // An upgrade that was cut off made it, and had no transaction to be undone with.
        }
    }

    protected abstract Task<T> RunAsync<T>(
        Func<DbConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken);

    private DbCommand Command(DbConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = Transaction;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
