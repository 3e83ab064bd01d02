using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorSettingsTests
{
    private const string Contact = "12025550101";

    private static readonly ClientShape Small = new(Masters: 0, Coreapps: 1, Shards: 1);

    [Fact]
    public async Task Settings_are_checked_merged_and_reset()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Small);
        await SimulatorRestoreTests.UnregisteredAsync(client);
        await AssertRefusedAsync(client, """{"unknown":1}""", "No valid parameters provided");
        await AssertRefusedAsync(client, """{"wa_id":"1"}""", "No valid parameters provided");
        await AssertRefusedAsync(client, """{"callback_persist":"yes"}""", "Parameter 'callback_persist' has invalid value '\"yes\"'");
        await AssertRefusedAsync(client, """{"webhooks":{"url":"http://hook.example"}}""", null);
        await AssertRefusedAsync(client, """{"webhooks":{"max_concurrent_requests":7}}""", null);
        await AssertRefusedAsync(client, """{"media":{"auto_download":["film"]}}""", null);
        var broken = await client.Api.SendContentAsync(HttpMethod.Patch, "/v1/settings/application", new StringContent("{"));
        Assert.Equal((400, 1025), (broken.Status, broken.Code));

        await PatchAsync(client, """{"callback_backoff_delay_ms":"4000","webhooks":{"url":"https://hook.example/"},"unknown":true}""");
        await PatchAsync(client, """{"webhooks":{"message":{"sent":true}}}""");
        var settings = await ReadAsync(client);
        Assert.Equal("4000", settings["callback_backoff_delay_ms"]!.ToJsonString());
        Assert.Equal("https://hook.example/", (string)settings["webhooks"]!["url"]!);
        Assert.Equal("""{"sent":true,"delivered":true,"read":true}""", settings["webhooks"]!["message"]!.ToJsonString());
        Assert.False(settings.AsObject().ContainsKey("unknown"));
        Assert.False(settings.AsObject().ContainsKey("wa_id"));

        var reset = await client.Api.SendAsync(HttpMethod.Delete, "/v1/settings/application", null);
        Assert.Equal(200, reset.Status);
        Assert.Equal("", (string)(await ReadAsync(client))["webhooks"]!["url"]!);
    }

    [Fact]
    public async Task The_number_of_concurrent_callbacks_is_shown_at_once_and_used_after_a_restart()
    {
        await using var world = await SimWorld.StartAsync();
        await using var webhook = await TestWebhook.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await client.Api.SendContentAsync(
            HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent(webhook.Authority.ExportCertificatePem()));
        await client.RestartAsync("wacore1");
        await SimWorld.HealthyAsync(client);
        webhook.Delay = TimeSpan.FromMilliseconds(400);
        await PatchAsync(client, """{"webhooks":{"max_concurrent_requests":24}}""");
        Assert.Equal(24, (int)(await ReadAsync(client))["webhooks"]!["max_concurrent_requests"]!);
        await QueueAsync(world, client, 30);
        await PatchAsync(client, "{\"webhooks\":{\"url\":\"" + webhook.Url + "\"}}");
        await Wait.UntilAsync(() => Task.FromResult(webhook.Messages.Count() == 30), "all callbacks are taken");
        Assert.Equal(6, webhook.HighestConcurrency);

        await PatchAsync(client, """{"webhooks":{"url":""}}""");
        await client.RestartAsync("wacore1");
        await SimWorld.HealthyAsync(client);
        await QueueAsync(world, client, 30);
        await PatchAsync(client, "{\"webhooks\":{\"url\":\"" + webhook.Url + "\"}}");
        await Wait.UntilAsync(() => Task.FromResult(webhook.Messages.Count() == 60), "all callbacks are taken");
        Assert.True(webhook.HighestConcurrency > 6);
    }

    [Fact]
    public async Task Callbacks_are_kept_in_the_database_until_a_restart_makes_callback_persist_false()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await PatchAsync(client, """{"callback_persist":false}""");
        await QueueAsync(world, client, 3);
        Assert.Equal(3L, await client.ScalarAsync<long>("callbackStore", "select count(*) from callbacks"));
        await client.RestartAsync("wacore1");
        await SimWorld.HealthyAsync(client);
        await world.PostAsync("control/inbound", new JsonObject { ["number"] = SimWorld.Number, ["from"] = Contact, ["text"] = "hi" });
        await Wait.UntilAsync(async () => await MetricAsync(client, "app", "callback_queue_size") == 1, "it is held in memory");
        Assert.Equal(3, await MetricAsync(client, "db", "db_pending_callbacks"));
    }

    [Fact]
    public async Task A_webhook_CA_is_trusted_only_after_the_Coreapp_was_restarted_and_callbacks_wait_until_then()
    {
        await using var world = await SimWorld.StartAsync();
        await using var webhook = await TestWebhook.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await PatchAsync(client, "{\"webhooks\":{\"url\":\"" + webhook.Url + "\"}}");
        var bad = await client.Api.SendContentAsync(HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent("no certificate"));
        Assert.Equal((400, 1009), (bad.Status, bad.Code));
        Assert.Equal(404, (await client.Api.GetAsync("/v1/certificates/webhooks/ca")).Status);
        var pem = webhook.Authority.ExportCertificatePem();
        Assert.Equal(200, (await client.Api.SendContentAsync(HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent(pem))).Status);
        Assert.Equal(pem, (await client.Api.GetAsync("/v1/certificates/webhooks/ca")).Body);
        await QueueAsync(world, client, 2);
        await Wait.UntilAsync(async () => await MetricAsync(client, "app", "callback_requests") >= 2, "it was tried");
        Assert.Empty(webhook.Received);
        Assert.Equal(2, await MetricAsync(client, "db", "db_pending_callbacks"));

        await client.RestartAsync("wacore1");
        await Wait.UntilAsync(() => Task.FromResult(webhook.Messages.Count() == 2), "the webhook has both");
        await Wait.UntilAsync(async () => await MetricAsync(client, "db", "db_pending_callbacks") == 0, "the queue is empty");
    }

    [Fact]
    public async Task A_webhook_that_refuses_gets_its_callbacks_later()
    {
        await using var world = await SimWorld.StartAsync();
        await using var webhook = await TestWebhook.StartAsync();
        var client = await world.RegisteredAsync(Small);
        await client.Api.SendContentAsync(
            HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent(webhook.Authority.ExportCertificatePem()));
        await client.RestartAsync("wacore1");
        await SimWorld.HealthyAsync(client);
        webhook.Answer = 503;
        await PatchAsync(client, "{\"webhooks\":{\"url\":\"" + webhook.Url + "\"}}");
        await QueueAsync(world, client, 1);
        await Wait.UntilAsync(
            async () => await client.ScalarAsync<int>("callbackStore", "select attempts from callbacks") >= 2, "it was tried twice");
        Assert.Equal("HTTP 503", await client.ScalarAsync<string>("callbackStore", "select last_error from callbacks"));
        webhook.Answer = 200;
        await Wait.UntilAsync(() => Task.FromResult(webhook.Messages.Count() == 1), "the webhook has it");
    }

    [Fact]
    public async Task Two_step_profile_and_media_providers_are_kept_where_they_belong()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(Small);
        var empty = await client.Api.PostAsync("/v1/settings/account/two-step", new JsonObject { ["pin"] = "" });
        Assert.Equal((400, 1009, "Pin must not be empty"), (empty.Status, empty.Code, empty.Details));
        Assert.Equal(400, (await client.Api.PostAsync("/v1/settings/account/two-step", new JsonObject { ["pin"] = "12345" })).Status);
        Assert.Equal(200, (await client.Api.PostAsync("/v1/settings/account/two-step", new JsonObject { ["pin"] = "123456" })).Status);
        Assert.True((bool)(await world.StateAsync())["twoStep"]!);
        Assert.Equal(200, (await client.Api.SendAsync(HttpMethod.Delete, "/v1/settings/account/two-step", null)).Status);
        Assert.False((bool)(await world.StateAsync())["twoStep"]!);

        await client.Api.SendAsync(HttpMethod.Patch, "/v1/settings/profile/about", new JsonObject { ["text"] = "Open daily" });
        var about = (await client.Api.GetAsync("/v1/settings/profile/about")).Json!;
        Assert.Equal("Open daily", (string)about["settings"]!["profile"]!["about"]!["text"]!);
        await client.Api.PostAsync("/v1/settings/business/profile", new JsonObject { ["email"] = "a@example.com", ["websites"] = new JsonArray("https://example.com") });
        var profile = (await client.Api.GetAsync("/v1/settings/business/profile")).Json!["settings"]!["business"]!["profile"]!;
        Assert.Equal("a@example.com", (string)profile["email"]!);

        var provider = new JsonArray(new JsonObject { ["name"] = "store", ["type"] = "www", ["config"] = new JsonObject { ["bearer"] = "abc" } });
        Assert.Equal(200, (await client.Api.PostAsync("/v1/settings/application/media/providers", provider)).Status);
        var list = (await client.Api.GetAsync("/v1/settings/application/media/providers")).Json!;
        Assert.Equal("store", (string)list["settings"]!["application"]!["media"]!["providers"]![0]!["name"]!);
        Assert.Equal(200, (await client.Api.SendAsync(HttpMethod.Delete, "/v1/settings/application/media/providers/store", null)).Status);
        Assert.Equal(404, (await client.Api.SendAsync(HttpMethod.Delete, "/v1/settings/application/media/providers/store", null)).Status);
    }

    private static async Task QueueAsync(SimWorld world, SimClient client, int count)
    {
        var before = await MetricAsync(client, "db", "db_pending_callbacks");
        for (var i = 0; i < count; i++)
        {
            await world.PostAsync("control/inbound", new JsonObject { ["number"] = SimWorld.Number, ["from"] = Contact, ["text"] = $"hi {i}" });
        }

        await Wait.UntilAsync(async () => await MetricAsync(client, "db", "db_pending_callbacks") == before + count, "the callbacks are queued");
    }

    private static async Task<int> MetricAsync(SimClient client, string kind, string name) =>
        (int)(await client.Api.GetAsync("/v1/stats/" + kind)).Json!["stats"]![kind]![name]!["data"]![0]!["value"]!;

    private static async Task<JsonNode> ReadAsync(SimClient client) =>
        (await client.Api.GetAsync("/v1/settings/application")).Json!["settings"]!["application"]!;

    private static async Task PatchAsync(SimClient client, string json)
    {
        var answer = await client.Api.SendAsync(HttpMethod.Patch, "/v1/settings/application", JsonNode.Parse(json));
        Assert.True(answer.Status == 200, answer.Body);
    }

    private static async Task AssertRefusedAsync(SimClient client, string json, string? details)
    {
        var answer = await client.Api.SendAsync(HttpMethod.Patch, "/v1/settings/application", JsonNode.Parse(json));
        Assert.Equal((400, 1009), (answer.Status, answer.Code));
        Assert.Equal(details ?? answer.Details, answer.Details);
    }
}
