using System.Globalization;
using System.Text.Json.Nodes;
using MySqlConnector;
using WaLab.Servers;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Simulator;

/// <summary>The simulated client with WA_DB_ENGINE=MYSQL, the vendor's first engine: MySQL itself, and MariaDB.</summary>
public sealed class SimulatorMySqlTests
{
    private const string Contact = "16315550001";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task A_client_works_restarts_and_gives_its_number_to_another_one_on(LabDatabaseEngine engine)
    {
        await using var server = await LabServers.StartAsync(engine);
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync(On(server, "old_"));
        await SendAsync(world, old, 1);
        await world.PostAsync("control/inbound", new JsonObject { ["number"] = SimWorld.Number, ["from"] = Contact, ["text"] = "Grüße, 日本" });
        await Wait.UntilAsync(
            async () => await InboundTextAsync(server) == "Grüße, 日本",
            "the message from the contact is stored");

        await old.RestartAsync("master1", "wacore1");
        await SimWorld.HealthyAsync(old);
        await SendAsync(world, old, 2);

        var backup = await old.Api.PostAsync("/v1/settings/backup", new JsonObject { ["password"] = "pw" });
        Assert.True(backup.Status == 200, backup.Body);
        var data = (string)backup.Json!["settings"]!["data"]!;
        await old.StopAllAsync();
        var fresh = await world.ClientAsync(On(server, "new_"));
        await Wait.UntilAsync(
            async () => (await fresh.Api.PostAsync("/v1/settings/restore", new JsonObject { ["password"] = "pw", ["data"] = data })).Status == 200,
            "the restore is taken");
        await SimWorld.HealthyAsync(fresh);
        await SendAsync(world, fresh, 3);
        var state = await world.StateAsync();
        Assert.Equal((1, 0, 0), ((int)state["restores"]!, (int)state["keyErrors"]!, (int)state["counterErrors"]!));
        var support = await fresh.Api.GetAsync("/v1/support");
        Assert.Contains("MYSQL", support.Body, StringComparison.Ordinal);
        Assert.Equal(engine == LabDatabaseEngine.MariaDb, support.Body.Contains("MariaDB", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task Nodes_finish_schemas_that_were_begun_on(LabDatabaseEngine engine)
    {
        await using var server = await LabServers.StartAsync(engine);
        await using var world = await SimWorld.StartAsync();

        // As a node leaves it that was killed while it made its databases.
        await ExecuteAsync(server, "create database `half_configStore` character set utf8mb4");
        await ExecuteAsync(
            server,
            "create table `half_configStore`.settings (skey varchar(128) primary key, svalue longtext not null, updated_at bigint not null)");
        var client = await world.ClientAsync(On(server, "half_") with { Masters = 0, Coreapps = 1, Shards = 1 });
        await Wait.UntilAsync(
            async () => (string?)(await client.Api.GetAsync("/v1/health")).Json?["health"]?["gateway_status"] == "unregistered",
            "the client is up");
    }

    private static ClientShape On(ILabDatabaseServer server, string prefix) => new(
        Prefix: prefix,
        Variables: new Dictionary<string, string>
        {
            ["WA_DB_ENGINE"] = "MYSQL",
            ["WA_DB_HOSTNAME"] = LabDatabaseServers.Host,
            ["WA_DB_PORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["WA_DB_USERNAME"] = new MySqlConnectionStringBuilder(server.ConnectionString("")).UserID,
            ["WA_DB_PASSWORD"] = new MySqlConnectionStringBuilder(server.ConnectionString("")).Password,
        });

    private static async Task SendAsync(SimWorld world, SimClient client, int messages)
    {
        await world.OpenWindowAsync(Contact);
        var answer = await client.Api.SendTextAsync(Contact, "Good morning");
        Assert.True(answer.Status is 200 or 201, answer.Body);
        await Wait.UntilAsync(async () => (await world.MessagesAsync()).Count == messages, "the service has the message");
    }

    private static async Task<string?> InboundTextAsync(ILabDatabaseServer server)
    {
        await using var connection = new MySqlConnection(server.ConnectionString(""));
        await connection.OpenAsync(Cancellation);
        await using var command = new MySqlCommand("select body from `old_messageStore`.messages where from_me = 0", connection);
        return await command.ExecuteScalarAsync(Cancellation) is string body ? (string?)JsonNode.Parse(body)!["text"]!["body"] : null;
    }

    private static async Task ExecuteAsync(ILabDatabaseServer server, string sql)
    {
        await using var connection = new MySqlConnection(server.ConnectionString(""));
        await connection.OpenAsync(Cancellation);
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
