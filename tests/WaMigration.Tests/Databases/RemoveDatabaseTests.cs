using System.Data.Common;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MySqlConnector;
using Npgsql;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Databases;

/// <summary>Remove-WaDatabase on each engine: refused for each single reason, planned, and done once nothing speaks against it.</summary>
public sealed class RemoveDatabaseTests : IDisposable
{
    private readonly RecordSession session = new();
    private readonly string prefix = "r" + Guid.NewGuid().ToString("N")[..10];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task Old_databases_stay_for_each_single_reason_and_go_when_there_is_none(LabDatabaseEngine engine)
    {
        var server = await SharedAsync(engine);
        var (store, waweb, strange, other) = (prefix + "a_messageStore", prefix + "a_waweb", prefix + "a_strange", prefix + "b_messageStore");
        string[] all = [store, waweb, strange, other];
        try
        {
            foreach (var name in all)
            {
                await ExecuteAsync(server, "CREATE DATABASE " + Quote(server, name));
            }

            Describe(server);
            session.Start();
            session.Run("1..10 | ForEach-Object { Invoke-WaMigrationStep $m -Number $_ -Name Step -ScriptBlock { } }").MustSucceed();
            Refuse("RetentionNotOver");
            session.Run("Complete-WaMigration $m").MustSucceed();

            Refuse("RetentionNotOver");
            Refuse("HealthNotProved", "-Force");
            Age(days: 15);
            Refuse("HealthNotProved", "-DeliveryConfirmed");
            Observe(days: 15);
            Refuse("DeliveryNotProved");
            Refuse("DeliveryNotProved", "-Force");

            const string Confirmed = "-DeliveryConfirmed";
            Refuse("MigrationFolderOfAnother", Confirmed, to: "$third");
            Refuse("DatabaseServerNotKnown", Confirmed, to: "$nowhere");
            Refuse("DatabaseInUseByDestination", Confirmed, to: "$reused", target: store);
            Refuse("DatabaseNotOfSetup", Confirmed + " -Database " + (engine == LabDatabaseEngine.PostgreSql ? "postgres" : "mysql"));
            Refuse("DatabaseNotOfSetup", $"{Confirmed} -Database {other}", target: other);
            await using (await OpenAsync(server, store))
            {
                Refuse("DatabaseHasSessions", Confirmed);
                Refuse("DatabaseHasSessions", Confirmed + " -Force");
            }

            var planned = session.Run($"Remove-WaDatabase $folder -Source $old -Destination $new {Confirmed} -WhatIf").MustSucceed();
            Assert.Empty(planned.Output);
            Assert.All([store, waweb], name => Assert.Contains(planned.WhatIfLines, line => line.Contains(name, StringComparison.Ordinal)));
            Assert.DoesNotContain(planned.WhatIfLines, line => line.Contains(strange, StringComparison.Ordinal) || line.Contains(other, StringComparison.Ordinal));
            Assert.Equal(all.Order(StringComparer.Ordinal), await NamesAsync(server));

            var dropped = session.Run($"Remove-WaDatabase $folder -Source $old -Destination $new {Confirmed} -Confirm:$false").MustSucceed().Output;

            Assert.Equal([store, waweb], dropped.Select(one => (string)ScriptResult.Value(one, "Name")!).Order(StringComparer.Ordinal));
            Assert.Equal([strange, other], (await NamesAsync(server)).OrderByDescending(name => name == strange));
            var journal = await File.ReadAllTextAsync(Journal, Cancellation);
            Assert.Equal(2, journal.Split("\"database-dropped\"").Length - 1);
            Assert.Contains("\"delivery-confirmed\"", journal, StringComparison.Ordinal);

            // One that only begins like them goes where it is named.
            Assert.Equal(strange, session.Run($"(Remove-WaDatabase $folder -Source $old -Destination $new {Confirmed} -Database {strange} -Confirm:$false).Name").Single().ToString());
            Refuse("NoDatabasesFound", Confirmed);
            Assert.Equal([other], await NamesAsync(server));
        }
        finally
        {
            foreach (var name in await NamesAsync(server))
            {
                await ExecuteAsync(server, "DROP DATABASE " + Quote(server, name));
            }
        }
    }

    public void Dispose() => session.Dispose();

    private string Journal => Path.Combine(session.Folder, "events.jsonl");

    private static async Task<ILabDatabaseServer> SharedAsync(LabDatabaseEngine engine)
    {
        try
        {
            return await LabDatabaseServers.SharedAsync(engine);
        }
        catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    /// <summary>The old setup on the first prefix, the new one on the second, and new ones that must not be taken for it.</summary>
    private void Describe(ILabDatabaseServer server)
    {
        var (user, password) = Login(server);
        session.Shell.Set("login", new PSCredential(user, new NetworkCredential(string.Empty, password).SecurePassword));
        session.Shell.Set("at", new Dictionary<string, object> { ["Engine"] = server.Engine.ToString(), ["Port"] = server.Port, ["SslMode"] = IsPostgres(server) ? "Disable" : "Prefer" });
        session.Shell.Set("prefix", prefix);
        session.Run("""
            function Describe($Name, $Port, $Server, $Prefix) {
                Connect-WaSetup -NotInstalled -Name $Name -ApiUri "https://127.0.0.1:$Port" -DatabaseEngine $at.Engine -DatabaseServer $Server -DatabasePort $at.Port -DatabaseCredential $login -DatabaseSslMode $at.SslMode -NamePrefix $Prefix
            }
            $old = Describe old 1 127.0.0.1 ($prefix + 'a_')
            $new = Describe new 2 127.0.0.1 ($prefix + 'b_')
            $third = Describe third 3 127.0.0.1 ($prefix + 'b_')
            $reused = Describe new 2 localhost ($prefix + 'a_')
            $nowhere = Connect-WaSetup -NotInstalled -Name new -ApiUri https://127.0.0.1:2
            """).MustSucceed();
    }

    private void Refuse(string id, string switches = "", string to = "$new", string? target = null)
    {
        var result = session.Run($"Remove-WaDatabase $folder -Source $old -Destination {to} {switches} -Confirm:$false");

        Assert.True(result.ErrorIds.SequenceEqual([id]), $"{switches} {to}: {result.Describe()}");
        Assert.Empty(result.Output);
        var error = result.Errors[0];
        Assert.False(string.IsNullOrEmpty(error.ErrorDetails.RecommendedAction));
        Assert.Contains(target ?? string.Empty, error.TargetObject.ToString(), StringComparison.Ordinal);
    }

    /// <summary>As if the migration had been completed so long ago.</summary>
    private void Age(int days)
    {
        var path = Path.Combine(session.Folder, "migration.json");
        var record = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var name in new[] { "completedAt", "databasesMayGoAfter" })
        {
            record[name] = record[name]!.GetValue<DateTimeOffset>().AddDays(-days);
        }

        File.WriteAllText(path, record.ToJsonString());
    }

    /// <summary>Once a day up to an hour ago.</summary>
    private void Observe(int days) => File.AppendAllLines(Journal, Enumerable.Range(0, days).Reverse().Select(day => new JsonObject
    {
        ["at"] = DateTimeOffset.UtcNow.AddHours(-1).AddDays(-day),
        ["kind"] = "health-observed",
        ["setup"] = "new",
        ["values"] = new JsonObject { ["status"] = "Healthy" },
    }.ToJsonString()), new UTF8Encoding(false));

    private static bool IsPostgres(ILabDatabaseServer server) => server.Engine == LabDatabaseEngine.PostgreSql;

    private static string Quote(ILabDatabaseServer server, string name) => IsPostgres(server) ? "\"" + name + "\"" : "`" + name + "`";

    private static (string User, string Password) Login(ILabDatabaseServer server)
    {
        var login = new DbConnectionStringBuilder { ConnectionString = server.ConnectionString(string.Empty) };
        return IsPostgres(server)
            ? ((string)login["Username"], (string)login["Password"])
            : ((string)login["User ID"], (string)login["Password"]);
    }

    private static async Task<DbConnection> OpenAsync(ILabDatabaseServer server, string database)
    {
        DbConnection connection = IsPostgres(server) ? new NpgsqlConnection(server.ConnectionString(database)) : new MySqlConnection(server.ConnectionString(database));
        await connection.OpenAsync(CancellationToken.None);
        return connection;
    }

    private static async Task ExecuteAsync(ILabDatabaseServer server, string statement)
    {
        await using var connection = await OpenAsync(server, IsPostgres(server) ? "postgres" : "mysql");
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests give constants.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The databases of this test that are there.</summary>
    private async Task<IReadOnlyList<string>> NamesAsync(ILabDatabaseServer server)
    {
        await using var connection = await OpenAsync(server, IsPostgres(server) ? "postgres" : "mysql");
        await using var command = connection.CreateCommand();
        command.CommandText = IsPostgres(server) ? "SELECT datname FROM pg_database" : "SELECT schema_name FROM information_schema.schemata";
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var names = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            names.Add(reader.GetString(0));
        }

        return [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
