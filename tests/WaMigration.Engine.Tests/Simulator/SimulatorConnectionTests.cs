using System.Text.Json.Nodes;
using WaSimulator.Protocol;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorConnectionTests
{
    [Fact]
    public async Task A_second_client_of_the_number_kicks_the_first_off_and_it_stays_off_until_restarted()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync();
        var data = await SimulatorRestoreTests.BackupAsync(old, "pw");
        var fresh = await world.ClientAsync();
        await SimulatorRestoreTests.UnregisteredAsync(fresh);
        Assert.Equal(200, (await SimulatorRestoreTests.RestoreAsync(fresh, "pw", data)).Status);
        await SimWorld.HealthyAsync(fresh);
        await Wait.UntilAsync(
            async () => (await old.Api.GetAsync("/v1/health")).Json!["health"]!.AsObject().All(pair => (string?)pair.Value!["gateway_status"] == "disconnected"),
            "the old client is disconnected");
        var state = await world.StateAsync();
        Assert.Equal(3, (int)state["kicks"]!);
        Assert.Single(state["connected"]!.AsArray().Select(item => (string)item!["client"]!).Distinct());

        // Messages of the client with the older identity key do not get through, even if it connects again.
        await old.RestartAsync([.. old.Shape.CoreNames]);
        await SimWorld.HealthyAsync(old);
        await world.OpenWindowAsync("12025550101");
        Assert.Equal(201, (await old.Api.SendTextAsync("12025550101", "hello")).Status);
        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["keyErrors"]! == 1, "the key error is counted");
        Assert.Equal(433, (int)(await world.MessagesAsync())[0]!["errorCode"]!);
    }

    [Fact]
    public async Task With_one_shard_exactly_one_Coreapp_is_connected_and_a_spare_takes_over_when_it_dies()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(new ClientShape(Masters: 2, Coreapps: 2, Shards: 1));
        var connected = (await world.StateAsync())["connected"]!.AsArray();
        var owner = ((string)Assert.Single(connected)!["node"]!).Split(':')[0];
        var spare = owner == "wacore1" ? "wacore2" : "wacore1";
        var support = (await client.Api.GetAsync("/v1/support")).Json!["support"]!;
        Assert.Equal("[[-1,-1],[0,0]]", support[client[owner].Key]!["shards"]!.ToJsonString());
        Assert.Equal("[]", support[client[spare].Key]!["shards"]!.ToJsonString());

        client[owner].Node!.Kill();
        Assert.Equal(137, await client[owner].Node!.Exited);
        await Wait.UntilAsync(async () => (await world.StateAsync())["connected"]!.AsArray().Count == 0, "the service notices", 5);
        await Wait.UntilAsync(
            async () => (await world.StateAsync())["connected"]!.AsArray().Any(item => ((string)item!["node"]!).StartsWith(spare, StringComparison.Ordinal)),
            "the spare is connected");
        var health = (await client.Api.GetAsync("/v1/health")).Json!["health"]!;
        Assert.Equal(1014, (int)health[client[owner].Key]!["errors"]![0]!["code"]!);
        Assert.Contains($"{owner}:6252", (string)health[client[owner].Key]!["errors"]![0]!["details"]!, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await world.StateAsync())["kicks"]!);
    }

    [Fact]
    public async Task When_the_primary_Master_dies_the_other_is_elected_and_the_API_works_again()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync();
        var health = (await client.Api.GetAsync("/v1/health")).Json!["health"]!.AsObject();
        var primary = health.Single(pair => (string?)pair.Value!["role"] == "primary_master").Key.Split(':')[0];
        var other = primary == "master1" ? "master2" : "master1";
        client[primary].Node!.Kill();
        var refused = await client.Api.GetAsync("/v1/settings/application");
        Assert.True(refused.Code is 1014 or 1017, refused.Body);
        await Wait.UntilAsync(async () => (await client.Api.GetAsync("/v1/settings/application")).Status == 200, "the other Master leads");
        await Wait.UntilAsync(
            async () => (string?)(await client.Api.GetAsync("/v1/health")).Json!["health"]![client[other].Key]!["gateway_status"] == "connected",
            "the new primary Master is connected");
    }

    [Fact]
    public async Task Nodes_that_stop_leave_in_order_and_the_intervals_are_in_the_services_log()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync();
        await client.StopAllAsync();
        Assert.All(client.Containers, container => Assert.Equal(0, container.Node!.Exited.Result));
        Assert.Empty((await world.StateAsync())["connected"]!.AsArray());
        var stops = await world.LogAsync(LogKinds.StopEnd);
        Assert.Equal(5, stops.Count);
        Assert.All(stops, entry => Assert.True((double)entry!["durationMs"]! > 0));
        var connects = await world.LogAsync(LogKinds.ConnectEnd);
        Assert.Equal(3, connects.Count(entry => (double?)entry!["durationMs"] > 0));
        Assert.Equal(3, (await world.LogAsync(LogKinds.Connected)).Count);
        await using var connection = await client.OpenAsync("clusterStore");
        await using var command = new Npgsql.NpgsqlCommand("select count(*) from pg_stat_activity where application_name like 'wa-%' and datname like @prefix || '%'", connection);
        command.Parameters.AddWithValue("prefix", client.Prefix);
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_single_instance_answers_one_map_and_its_failure_is_that_of_the_call()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(new ClientShape(Masters: 0, Coreapps: 1, Shards: 1));
        var health = (await client.Api.GetAsync("/v1/health")).Json!;
        Assert.Equal("""{"gateway_status":"connected"}""", health["health"]!.ToJsonString());
        Assert.Equal("""{"version":"v2.53.1","api_status":"stable"}""", health["meta"]!.ToJsonString());
        Assert.Equal(SimWorld.Number, (string)(await client.Api.GetAsync("/v1/support")).Json!["support"]!["debug_info"]!);
        await client["wacore1"].StopAsync();
        var answer = await client.Api.GetAsync("/v1/health");
        Assert.Equal((500, 1014), (answer.Status, answer.Code));
        Assert.Equal("Connection refused. Please check if wacore is running: wacore1:6252", answer.Details);
    }

    [Fact]
    public async Task Registering_by_the_API_is_blocked_and_counted_and_changes_nothing()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(new ClientShape(Masters: 0, Coreapps: 1, Shards: 1));
        var body = new JsonObject { ["cc"] = "1", ["phone_number"] = "6315551019", ["method"] = "sms", ["cert"] = "x" };
        Assert.Equal(201, (await client.Api.PostAsync("/v1/account", body)).Status);
        body["phone_number"] = "6315550000";
        var blocked = await client.Api.PostAsync("/v1/account", body.DeepClone());
        Assert.Equal((403, 1005), (blocked.Status, blocked.Code));
        Assert.Equal("Unknown error: biz_link_on_prem_reg_blocked", blocked.Details);
        var verified = await client.Api.PostAsync("/v1/account/verify", new JsonObject { ["code"] = "123-456" });
        Assert.Equal((403, 1005), (verified.Status, verified.Code));
        var state = await world.StateAsync();
        Assert.Equal(1, (int)state["registrationAttempts"]!);
        Assert.True((bool)state["registered"]!);
        Assert.Equal(1, (int)(await client.Api.GetAsync("/v1/account/shards")).Json!["account"]!["shards"]!);
    }
}
