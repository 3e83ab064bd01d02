using MySqlConnector;

namespace WaMigration.Databases.MySql;

/// <summary>Rows of a question as a list, on MySQL and MariaDB.</summary>
internal static class MySqlRows
{
    /// <summary>Stands before every statement, so that the server's list of sessions tells whose it is.</summary>
    internal const string Mark = "/*WaMigration*/ ";

    internal static async Task<List<T>> ListAsync<T>(MySqlConnection connection, string question, Func<MySqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await EachAsync(connection, question, row => rows.Add(read(row)), cancellation).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Takes each row as it comes.</summary>
    internal static async Task EachAsync(MySqlConnection connection, string question, Action<MySqlDataReader> take, CancellationToken cancellation)
    {
        using var command = Command(connection, question);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            take((MySqlDataReader)reader);
        }
    }

    /// <summary>The first value of the first row as text; null where it is null or there is no row.</summary>
    internal static async Task<string?> TextAsync(MySqlConnection connection, string question, CancellationToken cancellation)
    {
        using var command = Command(connection, question);
        var value = await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        return value is null or DBNull ? null : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The first value of the first row as a whole number; 0 where there is none.</summary>
    internal static async Task<long> NumberAsync(MySqlConnection connection, string question, CancellationToken cancellation) =>
        await TextAsync(connection, question, cancellation).ConfigureAwait(false) is { } text && decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number) ? (long)Math.Min(number, long.MaxValue) : 0;

    internal static async Task RunAsync(MySqlConnection connection, IEnumerable<string> statements, CancellationToken cancellation)
    {
        foreach (var statement in statements)
        {
            using var command = Command(connection, statement);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    internal static Task RunAsync(MySqlConnection connection, string statement, CancellationToken cancellation) =>
        RunAsync(connection, [statement], cancellation);

    internal static MySqlCommand Command(MySqlConnection connection, string statement)
    {
#pragma warning disable CA2100 // Names and values in it are quoted by those who make it.
        return new MySqlCommand(Mark + statement, connection);
#pragma warning restore CA2100
    }

    /// <summary>A literal for a statement. Not for modes in which a backslash is a letter like others.</summary>
    internal static string Literal(string text) => "'" + text.Replace("\\", "\\\\").Replace("'", "''").Replace("\0", "\\0") + "'";

    /// <summary>A quoted name.</summary>
    internal static string Quote(string name) => "`" + name.Replace("`", "``") + "`";

    /// <summary>The name in quotes.</summary>
    internal static string Unquote(string name) => name.Substring(1, name.Length - 2).Replace("``", "`");
}
