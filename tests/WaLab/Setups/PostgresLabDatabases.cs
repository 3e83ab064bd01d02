using System.Security.Cryptography;
using Npgsql;
using WaLab.Servers;

namespace WaLab.Setups;

/// <summary>On PostgreSQL.</summary>
internal sealed class PostgresLabDatabases(ILabDatabaseServer server) : LabDatabases(server)
{
    private readonly List<string> _roles = [];
    private readonly List<string> _prefixes = [];

    public override async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("postgres", cancellationToken);
        return "PostgreSQL " + connection.ServerVersion;
    }

    public override async Task<string> CreateAccountAsync(string name, string prefix, CancellationToken cancellationToken)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10));
        await using var connection = await OpenAsync("postgres", cancellationToken);
        await ExecuteAsync(connection, $"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{ScramVerifier.Create(password)}'", cancellationToken);
        _roles.Add(name);
        _prefixes.Add(prefix);
        return password;
    }

    public override async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("postgres", cancellationToken);
        await using var command = new NpgsqlCommand("SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1", connection);
        command.Parameters.AddWithValue(prefix);
        return await ReadAsync(command, cancellationToken);
    }

    public override async Task<IReadOnlyDictionary<string, string>> DigestAsync(string database, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        List<string> tables;
        const string Tables = "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
        await using (var command = new NpgsqlCommand(Tables, connection))
        {
            tables = await ReadAsync(command, cancellationToken);
        }

        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand(
                $"SELECT count(*) || ' rows, ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t", connection);
            digests[table.StartsWith("public.", StringComparison.Ordinal) ? table[7..] : table] =
                (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        }

        return digests;
    }

    public override async Task ExecuteAsync(string? database, string statement, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database ?? "postgres", cancellationToken);
        await ExecuteAsync(connection, statement, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await using var connection = await OpenAsync("postgres", CancellationToken.None);
        foreach (var prefix in _prefixes)
        {
            foreach (var database in await ListAsync(prefix, CancellationToken.None))
            {
                await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", CancellationToken.None);
            }
        }

        foreach (var role in _roles)
        {
            await ExecuteAsync(connection, $"DROP ROLE IF EXISTS {role}", CancellationToken.None);
        }
    }

    private static async Task<List<string>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(Server.ConnectionString(database));
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
