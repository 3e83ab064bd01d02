using System.Globalization;
using System.Security.Cryptography;
using MySqlConnector;
using WaLab.Servers;

namespace WaLab.Setups;

/// <summary>On MySQL and MariaDB.</summary>
internal sealed class MySqlLabDatabases(ILabDatabaseServer server) : LabDatabases(server)
{
    private readonly List<string> _accounts = [];
    private readonly List<string> _prefixes = [];

    public override async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("", cancellationToken);
        await using var command = new MySqlCommand("SELECT VERSION()", connection);
        return (Server.Engine == LabDatabaseEngine.MySql ? "MySQL " : "MariaDB ") + (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public override async Task<string> CreateAccountAsync(string name, string prefix, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        await using var connection = await OpenAsync("", cancellationToken);
        await ExecuteAsync(connection, $"CREATE USER '{name}'@'%' IDENTIFIED BY '{password}'", cancellationToken);
        _accounts.Add(name);

        // A grant's database is a pattern.
        var pattern = prefix.Replace("_", "\\_", StringComparison.Ordinal) + "%";
        await ExecuteAsync(connection, $"GRANT ALL ON `{pattern}`.* TO '{name}'@'%'", cancellationToken);
        _prefixes.Add(prefix);
        return password;
    }

    public override async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("", cancellationToken);
        await using var command = new MySqlCommand("SELECT schema_name FROM information_schema.schemata WHERE LEFT(schema_name, CHAR_LENGTH(@prefix)) = @prefix", connection);
        command.Parameters.AddWithValue("@prefix", prefix);
        var names = await ReadAsync(command, row => row.GetString(0), cancellationToken);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public override async Task<IReadOnlyDictionary<string, string>> DigestAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        List<(string Table, string Column)> columns;
        await using (var command = new MySqlCommand(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) " +
            "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position",
            connection))
        {
            columns = await ReadAsync(command, row => (row.GetString(0), row.GetString(1)), cancellationToken);
        }

        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in columns.GroupBy(column => column.Table, column => Quote(column.Column), StringComparer.Ordinal))
        {
            var row = string.Join(", ", table.Select(column => $"COALESCE(CONCAT(LENGTH({column}), ':', {column}), 'N')"));
            await using var command = new MySqlCommand(
                $"SELECT CONCAT(COUNT(*), ' rows, ', COALESCE(SUM(CAST(CONV(LEFT(SHA2(CONCAT({row}), 256), 16), 16, 10) AS UNSIGNED)), 0)) FROM {Quote(table.Key)}",
                connection);
            digests[table.Key] = Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture)!;
        }

        return digests;
    }

    public override async Task ExecuteAsync(string? database, string statement, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database ?? "mysql", cancellationToken);
        await ExecuteAsync(connection, statement, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await using var connection = await OpenAsync("", CancellationToken.None);
        foreach (var account in _accounts)
        {
            // A session that was left would keep its tables from being dropped.
            await using var command = new MySqlCommand("SELECT id FROM information_schema.processlist WHERE user = @name", connection);
            command.Parameters.AddWithValue("@name", account);
            foreach (var id in await ReadAsync(command, row => row.GetInt64(0), CancellationToken.None))
            {
                await EndAsync(connection, id);
            }
        }

        foreach (var prefix in _prefixes)
        {
            foreach (var database in await ListAsync(prefix, CancellationToken.None))
            {
                await ExecuteAsync(connection, "DROP DATABASE IF EXISTS " + Quote(database), CancellationToken.None);
            }
        }

        foreach (var account in _accounts)
        {
            await ExecuteAsync(connection, $"DROP USER IF EXISTS '{account}'@'%'", CancellationToken.None);
        }
    }

    private static string Quote(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static async Task EndAsync(MySqlConnection connection, long session)
    {
        try
        {
            await ExecuteAsync(connection, "KILL " + session.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
        }
        catch (MySqlException gone) when (gone.ErrorCode == MySqlErrorCode.NoSuchThread)
        {
            // It ended by itself.
        }
    }

    private static async Task<List<T>> ReadAsync<T>(MySqlCommand command, Func<MySqlDataReader, T> map, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<MySqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(Server.ConnectionString(database));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
