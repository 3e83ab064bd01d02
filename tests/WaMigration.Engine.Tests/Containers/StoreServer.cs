using Npgsql;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>Databases of a client on the real server that all tests share, under a prefix that nobody else has.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private readonly LabPostgres server;

    private StoreServer(LabPostgres server)
    {
        this.server = server;
        Prefix = "t" + Guid.NewGuid().ToString("N")[..10] + "_";
    }

    internal string Prefix { get; }

    /// <summary>As a setup knows it.</summary>
    internal WaDatabaseServer Database => new(
        WaDatabaseEngine.PostgreSql, LabPostgres.Host, server.Port, LabPostgres.User, Secret.Conceal(server.Password), Prefix, WaSslMode.Disable);

    internal static async Task<StoreServer> StartAsync() => new(await LabServers.SharedPostgresAsync());

    internal string ConnectionString(string store, string application = "coreapp") =>
        server.ConnectionString(Prefix + store) + ";Application Name=" + application;

    internal async Task CreateAsync(string store, params string[] statements)
    {
        await ExecuteAsync("postgres", $"create database \"{Prefix}{store}\"");
        foreach (var statement in statements)
        {
            await ExecuteAsync(Prefix + store, statement);
        }
    }

    internal Task DoAsync(string store, string statement) => ExecuteAsync(Prefix + store, statement);

    public async ValueTask DisposeAsync()
    {
        var names = new List<string>();
        await using (var connection = new NpgsqlConnection(server.ConnectionString()))
        {
            await connection.OpenAsync(CancellationToken.None);
            await using var command = new NpgsqlCommand("select datname from pg_database where starts_with(datname, @prefix)", connection);
            command.Parameters.AddWithValue("prefix", Prefix);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await ExecuteAsync("postgres", $"drop database \"{name}\" with (force)");
        }
    }

    private async Task ExecuteAsync(string database, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database));
        await connection.OpenAsync(CancellationToken.None);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
