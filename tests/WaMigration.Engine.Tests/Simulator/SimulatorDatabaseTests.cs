using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using WaSimulator.Hosting;
using WaSimulator.Storage;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorDatabaseTests
{
    private const string Contact = "12025550101";

    private static readonly ClientShape Small = new(Masters: 0, Coreapps: 1, Shards: 1);

    [Fact]
    public async Task A_client_on_copied_databases_takes_the_number_over_with_its_keys_and_counters()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync(Small);
        await world.OpenWindowAsync(Contact);
        Assert.Equal(201, (await old.Api.SendTextAsync(Contact, "before")).Status);
        await Wait.UntilAsync(async () => await old.ScalarAsync<long>("jobqueueStore", "select count(*) from jobs") == 0, "it is sent");
        var before = await world.StateAsync();
        await old["wacore1"].StopAsync();
        var prefix = "c" + old.Prefix;
        foreach (var store in CoreStores)
        {
            await CopyAsync(world, old.Prefix + store, prefix + store);
        }

        await old.StartAsync("wacore1");
        await SimWorld.HealthyAsync(old);
        var fresh = await world.ClientAsync(Small with { Prefix = prefix });
        await SimWorld.HealthyAsync(fresh);
        await Wait.UntilAsync(
            async () => (string?)(await old.Api.GetAsync("/v1/health")).Json!["health"]!["gateway_status"] == "disconnected", "the old one is off");
        Assert.Equal(201, (await fresh.Api.SendTextAsync(Contact, "after")).Status);
        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["messagesSent"]! == 2, "it is sent");
        var after = await world.StateAsync();
        Assert.Equal((string)before["identityKey"]!, (string)after["identityKey"]!);
        Assert.Equal(0, (int)after["counterErrors"]!);
        Assert.Equal(0, (int)after["keyErrors"]!);
        Assert.Equal(0, (int)after["securityCodeChanges"]!);
        Assert.Equal(1, (int)after["kicks"]!);
    }

    [Fact]
    public async Task A_cluster_on_copied_databases_shows_the_nodes_that_came_with_them_for_a_while()
    {
        await using var world = await SimWorld.StartAsync();
        var shape = new ClientShape(Masters: 1, Coreapps: 1, Shards: 1);
        var old = await world.RegisteredAsync(shape);
        await old.StopAllAsync();
        var prefix = "c" + old.Prefix;
        foreach (var store in CoreStores)
        {
            await CopyAsync(world, old.Prefix + store, prefix + store);
        }

        var fresh = await world.ClientAsync(shape with { Prefix = prefix });
        await Wait.UntilAsync(
            async () => fresh.WebListens && (await fresh.Api.GetAsync("/v1/health")).Json?["health"] is JsonObject { Count: 4 },
            "the nodes of the old client are shown");
        var own = string.Join(',', fresh.Containers.Select(container => $"'{container.Id[..12]}'"));
        Assert.Equal(2L, await fresh.ScalarAsync<long>("clusterStore", $"with gone as (delete from nodes where container_name not in ({own}) returning 1) select count(*) from gone"));
        await SimWorld.HealthyAsync(fresh);
        Assert.Equal(2L, await fresh.ScalarAsync<long>("clusterStore", "select count(*) from nodes"));
        Assert.Equal(
            """{"shards":1,"server_shards":1}""",
            await fresh.ScalarAsync<string>("clusterStore", "select convert_from(schema_version, 'UTF8') from cluster_info where ckey = 'cluster_info'"));
    }

    [Fact]
    public async Task A_newer_client_upgrades_the_schema_and_an_older_one_refuses_it()
    {
        await using var world = await SimWorld.StartAsync();
        await using var client = new SimClient(world.Postgres, world.Service.Address, Small);
        await client.StartAsync("wacore1", "2.39.1");
        await Wait.UntilAsync(() => Task.FromResult(client["wacore1"].Log.Any(line => line.Contains("messageStore: schema is at version 10", StringComparison.Ordinal))), "the schema is made");
        await client["wacore1"].StopAsync();
        await client.StartAsync("wacore1", "2.53.1");
        await Wait.UntilAsync(() => Task.FromResult(client["wacore1"].Log.Any(line => line.Contains("messageStore: schema is at version 12 (was 10)", StringComparison.Ordinal))), "the schema is upgraded");
        await client["wacore1"].StopAsync();
        await client.StartAsync("wacore1", "2.45.1");
        Assert.Equal(1, await client["wacore1"].Node!.Exited);
        Assert.Contains("cannot be downgraded", client["wacore1"].Log.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_nodes_leave_no_database_session_behind()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        foreach (var container in client.Containers)
        {
            container.Node!.Kill();
        }

        await Wait.UntilAsync(
            async () => await client.ScalarAsync<long>(
                StoreNames.Web,
                $"select count(*) from pg_stat_activity where application_name like 'wa-%' and datname like '{client.Prefix}%'") == 0,
            "no session is left",
            5);
        Assert.Equal(137, await client["wacore1"].Node!.Exited);
    }

    [Fact]
    public async Task An_engine_that_is_not_known_ends_the_node_with_a_clear_word()
    {
        var log = new List<string>();
        await using var node = SimNodes.Create(
            new NodeSpec(
                NodeRole.Coreapp,
                new string('a', 64),
                "wacore1",
                "2.53.1",
                new Dictionary<string, string> { ["WA_DB_ENGINE"] = "ORACLE" },
                new Dictionary<int, IPEndPoint>()),
            new TestNetwork(),
            TimeProvider.System,
            log.Add);
        await node.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await node.Exited);
        Assert.Contains("ORACLE is not known", log.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Webapps_certificate_lives_as_long_as_its_container_and_an_external_one_is_served_after_a_restart()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(new ClientShape(Masters: 0, Coreapps: 0, Shards: 1));
        var pem = client["waweb"].Node!.Files[ContainerFiles.ServerPem];
        await client.RestartAsync("waweb");
        await Wait.UntilAsync(() => Task.FromResult(client.WebListens), "the Webapp listens");
        Assert.Equal(pem, client["waweb"].Node!.Files[ContainerFiles.ServerPem]);
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/admin")).Status);

        using var authority = TestCertificates.Authority();
        using var server = TestCertificates.Server(authority);
        using var key = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(server)!;
        var chain = key.ExportPkcs8PrivateKeyPem() + "\n" + server.ExportCertificatePem() + "\n" + authority.ExportCertificatePem();
        var incomplete = await client.Api.SendContentAsync(HttpMethod.Post, "/v1/certificates/external", new StringContent(server.ExportCertificatePem()));
        Assert.Equal((400, 1009), (incomplete.Status, incomplete.Code));
        Assert.Equal(404, (await client.Api.GetAsync("/v1/certificates/external/ca")).Status);
        Assert.Equal(200, (await client.Api.SendContentAsync(HttpMethod.Post, "/v1/certificates/external", new StringContent(chain))).Status);
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/admin")).Status);
        await client.RestartAsync("waweb");
        client.ServedPem = server.ExportCertificatePem();
        await Wait.UntilAsync(() => Task.FromResult(client.WebListens), "the Webapp listens");
        Assert.Contains("BEGIN CERTIFICATE", (await client.Api.GetAsync("/v1/certificates/external/ca")).Body, StringComparison.Ordinal);

        var foreign = authority.ExportCertificatePem();
        await client.Api.SendContentAsync(
            HttpMethod.Post, "/v1/certificates/external", new StringContent(key.ExportPkcs8PrivateKeyPem() + "\n" + foreign + "\n" + foreign));
        await client["waweb"].StopAsync();
        await client.StartAsync("waweb");
        Assert.Equal(1, await client["waweb"].Node!.Exited);
        Assert.Contains("The web server cannot start", client["waweb"].Log.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_shards_late_disconnects_the_number()
    {
        var time = new ShiftedTime();
        await using var world = await SimWorld.StartAsync(time);
        var client = await world.RegisteredAsync(Small);
        var body = new JsonObject { ["cc"] = "1", ["phone_number"] = "6315551019", ["shards"] = 3, ["cert"] = "x" };
        Assert.Equal(400, (await client.Api.PostAsync("/v1/account/shards", body.DeepClone())).Status);
        time.Advance(TimeSpan.FromDays(8));
        body["shards"] = 2;
        var login = await client.Api.LoginAsync("admin", ApiClient.Password);
        client.Api.Token = (string)login.Json!["users"]![0]!["token"]!;
        Assert.Equal((500, 1014), Code(await client.Api.PostAsync("/v1/account/shards", body.DeepClone())));
        await Wait.UntilAsync(async () => (await world.StateAsync())["connected"]!.AsArray().Count == 0, "the number is off");
        var state = await world.StateAsync();
        Assert.False((bool)state["registered"]!);
        Assert.Equal(1, (int)state["removed"]!);
    }

    [Fact]
    public async Task Old_messages_are_collected_and_the_webhook_is_told()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await client.ScalarAsync<object>(
            "messageStore",
            "insert into messages (message_id, from_me, contact_id, type, status, created_at, updated_at) " +
            "select 'm' || i, true, '1', 'text', case when i % 2 = 0 then 'read' else 'pending' end, 0, 0 from generate_series(1, 10) i");
        var answer = await client.Api.SendAsync(HttpMethod.Put, "/v1/services/message/gc", null);
        Assert.Equal("processing", (string)answer.Json!["services"]!["message"]!["gc"]!["status"]!);
        Assert.Equal(5L, await client.ScalarAsync<long>("messageStore", "select count(*) from messages"));
        var payload = JsonNode.Parse((await client.ScalarAsync<string>("callbackStore", "select payload from callbacks"))!)!;
        Assert.Equal(5, (int)payload["services"]![0]!["message"]!["gc"]!["messages_deleted"]!);
    }

    private static IEnumerable<string> CoreStores =>
    [
        StoreNames.Axolotl, StoreNames.Callback, StoreNames.Cluster, StoreNames.Config,
        StoreNames.Contact, StoreNames.Jobqueue, StoreNames.Message,
    ];

    private static (int Status, int? Code) Code(ApiResult result) => (result.Status, result.Code);

    private static async Task CopyAsync(SimWorld world, string from, string to)
    {
        await using var connection = new NpgsqlConnection(world.Postgres.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        // The test's own connections and the Webapp's may still look at the source.
        await using var end = new NpgsqlCommand($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{from}'", connection);
        await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var copy = new NpgsqlCommand($"create database \"{to}\" template \"{from}\"", connection);
        await copy.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
