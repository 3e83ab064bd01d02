using System.Text;
using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorRestoreTests
{
    private static readonly ClientShape Small = new(Masters: 0, Coreapps: 1, Shards: 1);

    [Fact]
    public async Task A_backup_opens_only_with_its_password_and_only_unchanged_and_a_refusal_changes_nothing()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync(Small);
        var data = await BackupAsync(old, "right");
        Assert.DoesNotContain(SimWorld.Number, Encoding.Latin1.GetString(Convert.FromBase64String(data)), StringComparison.Ordinal);
        Assert.Contains('+', data);
        Assert.Contains('/', data);
        var fresh = await world.ClientAsync(Small);
        await UnregisteredAsync(fresh);

        await AssertRefusedAsync(fresh, "wrong", data, 400, 1009);
        await AssertRefusedAsync(fresh, "right", data[..(data.Length / 2 / 4 * 4)], 500, 1014);
        var changed = (data[100_000] == 'A' ? "B" : "A") + data[100_001..];
        await AssertRefusedAsync(fresh, "right", data[..100_000] + changed, 500, 1014);
        await AssertRefusedAsync(fresh, "right", "no backup", 400, 1009);
        await AssertRefusedAsync(fresh, "right", null, 400, 1008);
        await AssertRefusedAsync(fresh, null, data, 400, 1008);
        Assert.Equal(0, (int)(await world.StateAsync())["restores"]!);
        Assert.Equal(0L, await fresh.ScalarAsync<long>("configStore", "select count(*) from registration"));
        Assert.Equal(0L, await fresh.ScalarAsync<long>("axolotlStore", "select count(*) from local_identity"));
    }

    [Fact]
    public async Task A_backup_of_two_shards_does_not_fit_a_client_of_one()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync();
        var data = await BackupAsync(old, "pw");
        var fresh = await world.ClientAsync(new ClientShape(Masters: 1, Coreapps: 1, Shards: 1));
        await UnregisteredAsync(fresh);
        await Wait.UntilAsync(async () => await StatusAsync(fresh, "wacore1") == "unregistered", "the Coreapp is initialized");
        await AssertRefusedAsync(fresh, "pw", data, 400, 1009);
        Assert.Equal("unregistered", await StatusAsync(fresh, "wacore1"));
        Assert.Equal(0, (int)(await world.StateAsync())["securityCodeChanges"]!);
    }

    [Fact]
    public async Task An_unregistered_client_makes_no_backup()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Small);
        await UnregisteredAsync(client);
        var answer = await client.Api.PostAsync("/v1/settings/backup", new JsonObject { ["password"] = "pw" });
        Assert.Equal((500, 1014), (answer.Status, answer.Code));
        var missing = await client.Api.PostAsync("/v1/settings/backup", new JsonObject());
        Assert.Equal((400, 1008), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task A_restore_onto_a_registered_client_stops_it_until_its_containers_are_restarted()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync();
        var data = await BackupAsync(client, "pw");
        var answer = await RestoreAsync(client, "pw", data);
        Assert.Equal(200, answer.Status);
        await Wait.UntilAsync(
            async () => (await world.StateAsync())["connected"]!.AsArray().Count == 0 &&
                (await client.Api.GetAsync("/v1/health")).Json!["health"]!.AsObject().All(pair => pair.Value!["errors"] is not null),
            "every node is down");
        var health = (await client.Api.GetAsync("/v1/health")).Json!["health"]!.AsObject();
        Assert.Contains("Connection refused", (string)health.First().Value!["errors"]![0]!["details"]!, StringComparison.Ordinal);
        Assert.All(client.Containers, container => Assert.False(container.Node!.Exited.IsCompleted));

        // Time passes, and nothing comes back by itself.
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Empty((await world.StateAsync())["connected"]!.AsArray());
        await client.RestartAsync([.. client.Shape.CoreNames]);
        await SimWorld.HealthyAsync(client);
        var state = await world.StateAsync();
        Assert.Equal(1, (int)state["restores"]!);
        Assert.Equal(1, (int)state["securityCodeChanges"]!);
        Assert.Equal(0, (int)state["removed"]!);
        Assert.Equal(0, (int)state["renewed"]!);
    }

    [Fact]
    public async Task A_restore_brings_settings_and_registration_but_no_messages_users_or_webhook_CA()
    {
        await using var world = await SimWorld.StartAsync();
        var old = await world.RegisteredAsync(Small);
        await old.Api.SendAsync(HttpMethod.Patch, "/v1/settings/application", new JsonObject
        {
            ["callback_persist"] = false,
            ["webhooks"] = new JsonObject { ["url"] = "https://hook.example/x", ["max_concurrent_requests"] = 12 },
        });
        using var authority = TestCertificates.Authority();
        await old.Api.SendContentAsync(
            HttpMethod.Post, "/v1/certificates/webhooks/ca", new StringContent(authority.ExportCertificatePem()));
        await old.Api.PostAsync("/v1/users", new JsonObject { ["username"] = "reader", ["password"] = ApiClient.Password });
        await world.OpenWindowAsync("12025550101");
        Assert.Equal(201, (await old.Api.SendTextAsync("12025550101", "hello")).Status);
        var data = await BackupAsync(old, "pw");
        await old.StopAllAsync();

        var fresh = await world.ClientAsync(Small);
        await UnregisteredAsync(fresh);
        Assert.Equal(200, (await RestoreAsync(fresh, "pw", data)).Status);
        await SimWorld.HealthyAsync(fresh);
        var settings = (await fresh.Api.GetAsync("/v1/settings/application")).Json!["settings"]!["application"]!;
        Assert.False((bool)settings["callback_persist"]!);
        Assert.Equal("https://hook.example/x", (string)settings["webhooks"]!["url"]!);
        Assert.Equal(12, (int)settings["webhooks"]!["max_concurrent_requests"]!);
        Assert.Equal(SimWorld.Number, (string)settings["wa_id"]!);
        Assert.Equal(404, (await fresh.Api.GetAsync("/v1/certificates/webhooks/ca")).Status);
        Assert.Equal(404, (await fresh.Api.GetAsync("/v1/users/reader")).Status);
        Assert.Equal(0L, await fresh.ScalarAsync<long>("messageStore", "select count(*) from messages"));
    }

    [Fact]
    public async Task Sandbox_mode_refuses_backup_and_restore()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Small with { Variables = new Dictionary<string, string> { ["WA_MODE_SANDBOX"] = "1" } });
        await UnregisteredAsync(client);
        var backup = await client.Api.PostAsync("/v1/settings/backup", new JsonObject { ["password"] = "pw" });
        Assert.Equal((403, 1005), (backup.Status, backup.Code));
        await AssertRefusedAsync(client, "pw", "data", 403, 1005);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("object", "{}")]
    [InlineData("empty", "")]
    public async Task A_write_answers_in_the_shape_that_the_switch_says(string shape, string body)
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Small with { Variables = new Dictionary<string, string> { ["WA_SIM_WRITE_ANSWER"] = shape } });
        await UnregisteredAsync(client);
        var answer = await client.Api.SendAsync(HttpMethod.Delete, "/v1/settings/application", null);
        Assert.Equal((200, body), (answer.Status, answer.Body));
    }

    internal static async Task<string> BackupAsync(SimClient client, string password)
    {
        var answer = await client.Api.PostAsync("/v1/settings/backup", new JsonObject { ["password"] = password });
        Assert.True(answer.Status == 200, answer.Body);
        return (string)answer.Json!["settings"]!["data"]!;
    }

    internal static Task<ApiResult> RestoreAsync(SimClient client, string? password, string? data) =>
        client.Api.PostAsync("/v1/settings/restore", new JsonObject { ["password"] = password, ["data"] = data });

    internal static Task UnregisteredAsync(SimClient client) => Wait.UntilAsync(
        async () => await StatusAsync(client, client.Shape.Masters == 0 ? null : "master1") == "unregistered",
        "the client is unregistered");

    private static async Task AssertRefusedAsync(SimClient client, string? password, string? data, int status, int code)
    {
        var answer = await RestoreAsync(client, password, data);
        Assert.True((answer.Status, answer.Code) == (status, code), answer.Body);
    }

    private static async Task<string?> StatusAsync(SimClient client, string? hostname)
    {
        var health = (await client.Api.GetAsync("/v1/health")).Json?["health"];
        return (string?)(hostname is null ? health : health?[client[hostname].Key])?["gateway_status"];
    }
}
