using Npgsql;

namespace WaMigration.Databases.Postgres;

/// <summary>Rows of a question as a list.</summary>
internal static class PostgresRows
{
    internal static async Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string question, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await EachAsync(connection, question, row => rows.Add(read(row)), cancellation).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Takes each row as it comes.</summary>
    internal static async Task EachAsync(NpgsqlConnection connection, string question, Action<NpgsqlDataReader> take, CancellationToken cancellation)
    {
        using var batch = Batch(connection, question);
        using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            take((NpgsqlDataReader)reader);
        }
    }

    /// <summary>The first value of the first row; default where it is null or there is no row.</summary>
    internal static async Task<T?> ValueAsync<T>(NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        using var batch = Batch(connection, question);
        var value = await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        return value is T known ? known : default;
    }

    /// <summary>Runs statements, each as it stands: nothing in them is taken for a parameter or an end.</summary>
    internal static async Task RunAsync(NpgsqlConnection connection, IEnumerable<string> statements, CancellationToken cancellation)
    {
        foreach (var statement in statements)
        {
            using var batch = Batch(connection, statement);
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    internal static Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation) =>
        RunAsync(connection, [statement], cancellation);

    private static NpgsqlBatch Batch(NpgsqlConnection connection, string statement)
    {
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        return batch;
    }

    /// <summary>A literal for a statement.</summary>
    internal static string Literal(string text) => text.Contains('\\')
        ? " E'" + text.Replace("\\", "\\\\").Replace("'", "''") + "'"
        : "'" + text.Replace("'", "''") + "'";

    /// <summary>A quoted name.</summary>
    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"") + "\"";
}
