using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;

namespace WaSimulator.Storage;

/// <summary>Statements on PostgreSQL over a connection that the caller provides.</summary>
internal abstract class PostgresSession : IStoreSession
{
    public string Now => "(extract(epoch from clock_timestamp()) * 1000)::bigint";

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
        CancellationToken cancellationToken)
    {
        var sql = new StringBuilder(InsertText(table, [.. key, .. values]));
        sql.Append(CultureInfo.InvariantCulture, $" on conflict ({string.Join(", ", key.Select(part => part.Column))}) do update set ");
        sql.AppendJoin(", ", values.Select(part => $"{part.Column} = excluded.{part.Column}"));
        await ExecuteAsync(sql.ToString(), cancellationToken, Parameters([.. key, .. values]));
    }

    public async Task<bool> InsertMissingAsync(
        string table,
        IReadOnlyList<string> key,
        IReadOnlyList<(string Column, object? Value)> row,
        CancellationToken cancellationToken)
    {
        var sql = $"{InsertText(table, row)} on conflict ({string.Join(", ", key)}) do nothing";
        return await ExecuteAsync(sql, cancellationToken, Parameters(row)) == 1;
    }

    protected abstract Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken);

    private static string InsertText(string table, IReadOnlyList<(string Column, object? Value)> row) =>
        $"insert into {table} ({string.Join(", ", row.Select(part => part.Column))}) " +
        $"values ({string.Join(", ", row.Select(part => "@" + part.Column))})";

    private static (string Name, object? Value)[] Parameters(IReadOnlyList<(string Column, object? Value)> row) =>
        [.. row.Select(part => (part.Column, part.Value))];

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
