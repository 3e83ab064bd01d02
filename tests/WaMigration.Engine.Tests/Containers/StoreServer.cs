using System.Data.Common;
using MySqlConnector;
using Npgsql;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>Databases of a client on the real server that all tests share, under a prefix that nobody else has.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private readonly ILabDatabaseServer server;

    private StoreServer(ILabDatabaseServer server)
    {
        this.server = server;
        Prefix = "t" + Guid.NewGuid().ToString("N")[..10] + "_";
    }

    internal string Prefix { get; }

    /// <summary>As a setup knows it.</summary>
    internal WaDatabaseServer Database
    {
        get
        {
            var (user, password) = IsPostgres ? Login(new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres"))) : Login(new MySqlConnectionStringBuilder(server.ConnectionString(string.Empty)));
            return new(Enum.Parse<WaDatabaseEngine>(server.Engine.ToString()), LabDatabaseServers.Host, server.Port, user, Secret.Conceal(password), Prefix, IsPostgres ? WaSslMode.Disable : WaSslMode.Prefer);
        }
    }

    /// <summary>A database of the server's own.</summary>
    internal string SystemDatabase => IsPostgres ? "postgres" : "mysql";

    private bool IsPostgres => server.Engine == LabDatabaseEngine.PostgreSql;

    private static CancellationToken Forever => CancellationToken.None;

    internal static async Task<StoreServer> StartAsync(LabDatabaseEngine engine = LabDatabaseEngine.PostgreSql) => new(await LabServers.OrSkip(() => LabDatabaseServers.SharedAsync(engine)));

    internal string ConnectionString(string store, string application = "coreapp") =>
        server.ConnectionString(Prefix + store) + ";Application Name=" + application;

    /// <summary>A session of somebody's.</summary>
    internal Task<DbConnection> OpenAsync(string store) => OpenDatabaseAsync(Prefix + store);

    internal async Task CreateAsync(string store, params string[] statements)
    {
        await ExecuteAsync(SystemDatabase, "create database " + Quote(Prefix + store));
        foreach (var statement in statements)
        {
            await ExecuteAsync(Prefix + store, statement);
        }
    }

    internal Task DoAsync(string store, string statement) => ExecuteAsync(Prefix + store, statement);

    public async ValueTask DisposeAsync()
    {
        var names = new List<string>();
        await using (var connection = await OpenDatabaseAsync(SystemDatabase))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = IsPostgres ? "select datname from pg_database" : "select schema_name from information_schema.schemata";
            await using var reader = await command.ExecuteReaderAsync(Forever);
            while (await reader.ReadAsync(Forever))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            await ExecuteAsync(SystemDatabase, "drop database " + Quote(name) + (IsPostgres ? " with (force)" : string.Empty));
        }
    }

    private static (string User, string Password) Login(NpgsqlConnectionStringBuilder login) => (login.Username!, login.Password!);

    private static (string User, string Password) Login(MySqlConnectionStringBuilder login) => (login.UserID, login.Password);

    private string Quote(string name) => IsPostgres ? "\"" + name + "\"" : "`" + name + "`";

    private async Task<DbConnection> OpenDatabaseAsync(string database)
    {
        DbConnection connection = IsPostgres ? new NpgsqlConnection(server.ConnectionString(database)) : new MySqlConnection(server.ConnectionString(database));
        await connection.OpenAsync(Forever);
        return connection;
    }

    private async Task ExecuteAsync(string database, string statement)
    {
        await using var connection = await OpenDatabaseAsync(database);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests give constants.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Forever);
    }
}
