using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorMessageTests
{
    private const string Contact = "12025550101";

    private static readonly ClientShape Small = new(Masters: 0, Coreapps: 1, Shards: 1);

    [Fact]
    public async Task Messages_are_taken_delivered_and_their_statuses_reach_the_webhook_as_settings_say()
    {
        await using var world = await SimWorld.StartAsync();
        await using var webhook = await TestWebhook.StartAsync();
        var client = await world.RegisteredAsync();
        await client.Api.SendContentAsync(
            HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent(webhook.Authority.ExportCertificatePem()));
        await client.RestartAsync("wacore1", "wacore2", "wacore3");
        await SimWorld.HealthyAsync(client);
        await client.Api.SendAsync(HttpMethod.Patch, "/v1/settings/application", JsonNode.Parse("{\"webhooks\":{\"url\":\"" + webhook.Url + "\"}}"));

        var free = await client.Api.SendTextAsync(Contact, "outside the window");
        Assert.Equal(201, free.Status);
        await Wait.UntilAsync(() => Task.FromResult(webhook.Statuses.Any()), "the failure is told");
        var failed = webhook.Statuses.Single();
        Assert.Equal("failed", (string)failed["status"]!);
        Assert.Equal(470, (int)failed["errors"]![0]!["code"]!);
        Assert.Equal((string)free.Json!["messages"]![0]!["id"]!, (string)failed["id"]!);

        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var sent = await client.Api.SendTemplateAsync($"120255501{i:00}");
            Assert.True(sent.Status == 201, sent.Body);
            ids.Add((string)sent.Json!["messages"]![0]!["id"]!);
        }

        await Wait.UntilAsync(() => Task.FromResult(webhook.Statuses.Count(status => (string)status["status"]! == "read") == 10), "all are read");
        Assert.DoesNotContain(webhook.Statuses, status => (string)status["status"]! == "sent");
        Assert.Equal(ids.Order(), webhook.Statuses.Where(status => (string)status["status"]! == "delivered").Select(status => (string)status["id"]!).Order());
        Assert.Equal(31L, await client.ScalarAsync<long>("messageStore", "select count(*) from message_receipt_log"));
        Assert.Equal(0L, await client.ScalarAsync<long>("jobqueueStore", "select count(*) from jobs"));
        Assert.Equal(2, (await world.MessagesAsync()).Select(message => (string)message!["node"]!).Distinct().Count());
        Assert.Equal(0, (int)(await world.StateAsync())["duplicateMessages"]!);
    }

    [Fact]
    public async Task Bad_messages_are_refused()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Small);
        await SimulatorRestoreTests.UnregisteredAsync(client);
        var unregistered = await client.Api.SendTextAsync(Contact, "hi");
        Assert.Equal((403, 1005), (unregistered.Status, unregistered.Code));
        await world.RegisterAsync(client);
        await SimWorld.HealthyAsync(client);
        await AssertRefusedAsync(client, """{"type":"text"}""", 400, 1008);
        await AssertRefusedAsync(client, """{"to":"+12025550101","text":{"body":"x"}}""", 400, 1009);
        await AssertRefusedAsync(client, """{"to":"12025550101","recipient_type":"group","text":{"body":"x"}}""", 400, 1002);
        await AssertRefusedAsync(client, """{"to":"12025550101","type":"text"}""", 400, 1008);
        await AssertRefusedAsync(client, """{"to":"12025550101","type":"template","template":{"name":"x"}}""", 400, 1008);
        await AssertRefusedAsync(client, "{\"to\":\"12025550101\",\"text\":{\"body\":\"" + new string('x', 4097) + "\"}}", 400, 1001);
        var contacts = await client.Api.PostAsync("/v1/contacts", JsonNode.Parse("""{"blocking":"wait","contacts":["+1 202 555 0101","nobody"]}"""));
        Assert.Equal(["valid", "valid"], contacts.Json!["contacts"]!.AsArray().Select(contact => (string)contact!["status"]!));
    }

    [Fact]
    public async Task A_stale_key_database_shows_in_counters_and_messages_sent_again_are_recorded()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await world.OpenWindowAsync(Contact);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(201, (await client.Api.SendTextAsync(Contact, $"message {i} token=abc{i}")).Status);
        }

        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["messagesSent"]! == 3, "all are sent");
        await client["wacore1"].StopAsync();
        await client.ScalarAsync<object>("axolotlStore", "update sessions set counter = 1");
        await client.StartAsync("wacore1");
        await SimWorld.HealthyAsync(client);
        Assert.Equal(201, (await client.Api.SendTextAsync(Contact, "message 4 token=abc0")).Status);
        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["counterErrors"]! == 1, "the counter error is counted");
        var state = await world.StateAsync();
        Assert.Equal(1, (int)state["duplicateMessages"]!);
        Assert.Equal("token", (string)state["duplicates"]![0]!["kind"]!);

        // A queue of messages that were sent already, as an old database would have it.
        var id = (string)(await world.MessagesAsync())[0]!["id"]!;
        await client["wacore1"].StopAsync();
        await client.ScalarAsync<object>(
            "jobqueueStore",
            $"insert into jobs (message_id, shard, recipient_id, payload, created_at) values ('{id}', 0, '{Contact}', '{{\"type\":\"text\",\"text\":{{\"body\":\"x\"}}}}', {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()})");
        await client.StartAsync("wacore1");
        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["duplicateMessages"]! == 2, "the second sending is recorded");
        Assert.Equal("id", (string)(await world.StateAsync())["duplicates"]![1]!["kind"]!);
    }

    [Fact]
    public async Task Messages_older_than_a_day_fail_after_a_restart()
    {
        var time = new ShiftedTime();
        await using var world = await SimWorld.StartAsync(time);
        var client = await world.RegisteredAsync(Small);
        await client["wacore1"].StopAsync();
        await client.ScalarAsync<object>(
            "jobqueueStore",
            $"insert into jobs (message_id, shard, recipient_id, payload, created_at) values ('old', 0, '{Contact}', '{{\"type\":\"text\"}}', {DateTimeOffset.UtcNow.AddHours(-25).ToUnixTimeMilliseconds()})");
        await client.StartAsync("wacore1");
        await Wait.UntilAsync(
            async () => await client.ScalarAsync<string>("callbackStore", "select payload from callbacks") is { } payload && payload.Contains("408", StringComparison.Ordinal),
            "the failure is queued for the webhook");
        Assert.Equal(0, (int)(await world.StateAsync())["messagesSent"]!);
    }

    [Fact]
    public async Task What_arrives_while_the_client_is_off_waits_for_it()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await client["wacore1"].StopAsync();
        await world.PostAsync("control/inbound", new JsonObject { ["number"] = SimWorld.Number, ["from"] = Contact, ["text"] = "are you there?" });
        Assert.Equal(1, (int)(await world.StateAsync())["eventsWaiting"]!);
        await client.StartAsync("wacore1");
        await Wait.UntilAsync(async () => (int)(await world.StateAsync())["eventsWaiting"]! == 0, "it was taken");
        Assert.Equal(1L, await client.ScalarAsync<long>("callbackStore", "select count(*) from callbacks"));
        Assert.Equal(1L, await client.ScalarAsync<long>("contactStore", "select count(*) from contacts where last_inbound_at is not null"));
    }

    private static async Task AssertRefusedAsync(SimClient client, string json, int status, int code)
    {
        var answer = await client.Api.PostAsync("/v1/messages", JsonNode.Parse(json));
        Assert.True((answer.Status, answer.Code) == (status, code), $"{json}: {answer.Body}");
    }
}
