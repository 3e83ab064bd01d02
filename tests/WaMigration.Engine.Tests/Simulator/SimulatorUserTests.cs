using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace WaMigration.Engine.Tests.Simulator;

public sealed class SimulatorUserTests
{
    private static readonly ClientShape Web = new(Masters: 0, Coreapps: 0, Shards: 1);

    [Fact]
    public async Task The_factory_password_must_be_changed_for_a_good_one()
    {
        await using var world = await SimWorld.StartAsync();
        await using var client = new SimClient(world.Postgres, world.Service.Address, Web);
        await client.StartAsync("waweb");
        await Wait.UntilAsync(() => Task.FromResult(client.Network.Resolve("waweb", 443) is not null), "the Webapp listens");
        var unchanged = await client.Api.LoginAsync("admin", "secret");
        Assert.Equal((401, 1024, "Password must be changed"), (unchanged.Status, unchanged.Code, unchanged.Details));
        foreach (var weak in new[] { "Sh0rt-!", "n0-upper-case!", "N0-LOWER-CASE!", "No-Digit-Here!", "N0SpecialHere" })
        {
            var answer = await client.Api.LoginAsync("admin", "secret", weak);
            Assert.Equal((400, 1009), (answer.Status, answer.Code));
            Assert.StartsWith("Password doesn't meet complexity requirements:", answer.Details, StringComparison.Ordinal);
        }

        var good = await client.Api.LoginAsync("admin", "secret", ApiClient.Password);
        Assert.Equal(200, good.Status);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$", (string)good.Json!["users"]![0]!["expires_after"]!);
        Assert.Equal((401, 1005), await StatusAsync(client.Api.LoginAsync("admin", "secret")));
        Assert.Equal(200, (await client.Api.LoginAsync("admin", ApiClient.Password)).Status);
    }

    [Fact]
    public async Task Tokens_are_revoked_by_logout_by_deletion_from_the_database_and_with_their_user()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Web);
        var admin = client.Api.Token!;
        var second = await TokenAsync(client, "admin");
        client.Api.Token = second;
        Assert.Equal(200, (await client.Api.PostAsync("/v1/users/logout")).Status);
        Assert.Equal((401, 1005), await StatusAsync(client.Api.PostAsync("/v1/users/logout")));
        client.Api.Token = admin;
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/admin")).Status);

        Assert.Equal(201, (await CreateAsync(client, "reader")).Status);
        client.Api.Token = await TokenAsync(client, "reader");
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/reader")).Status);
        var reader = client.Api.Token;
        client.Api.Token = admin;
        Assert.Equal(200, (await client.Api.SendAsync(HttpMethod.Delete, "/v1/users/reader", null)).Status);
        client.Api.Token = reader;
        Assert.Equal((401, 1005), await StatusAsync(client.Api.GetAsync("/v1/users/reader")));

        await client.ScalarAsync<object>("waweb", "delete from tokens");
        client.Api.Token = admin;
        Assert.Equal((401, 1005), await StatusAsync(client.Api.GetAsync("/v1/users/admin")));
    }

    [Fact]
    public async Task Tokens_expire_after_seven_days()
    {
        var time = new ShiftedTime();
        await using var world = await SimWorld.StartAsync(time);
        var client = await world.ClientAsync(Web);
        time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(5));
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/admin")).Status);
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((401, 1005), await StatusAsync(client.Api.GetAsync("/v1/users/admin")));
    }

    [Fact]
    public async Task A_token_wants_the_key_it_was_signed_with()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Web);
        await client["waweb"].StopAsync();
        await using var other = new SimClient(
            world.Postgres,
            world.Service.Address,
            Web with { Prefix = client.Prefix, Variables = new Dictionary<string, string> { ["WA_WEB_JWT_CRYPTO_KEY"] = "another key" } });
        await other.StartAsync("waweb");
        await Wait.UntilAsync(() => Task.FromResult(other.Network.Resolve("waweb", 443) is not null), "the Webapp listens");
        other.Api.Token = client.Api.Token;
        Assert.Equal((401, 1005), await StatusAsync(other.Api.GetAsync("/v1/users/admin")));
        other.Api.Token = null;
        Assert.Equal(200, (await other.Api.LoginAsync("admin", ApiClient.Password)).Status);
    }

    [Fact]
    public async Task Too_many_bad_logins_close_the_login_for_a_while_even_for_the_right_password()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Web);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal((401, 1005), await StatusAsync(client.Api.LoginAsync("admin", "wrong")));
        }

        var limited = await client.Api.LoginAsync("admin", ApiClient.Password);
        Assert.Equal((429, 1015, "Rate limiting exceeded on bad login attempts"), (limited.Status, limited.Code, limited.Details));
        Assert.Equal(200, (await client.Api.GetAsync("/v1/users/admin")).Status);
        await Wait.UntilAsync(async () => (await client.Api.LoginAsync("admin", ApiClient.Password)).Status == 200, "the limit is lifted");
    }

    [Fact]
    public async Task Users_may_see_and_change_themselves_alone_and_no_settings()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.ClientAsync(Web);
        Assert.Equal(201, (await CreateAsync(client, "reader")).Status);
        Assert.Equal((500, 1014), await StatusAsync(CreateAsync(client, "reader")));
        Assert.Equal((400, 1009), await StatusAsync(CreateAsync(client, "abc")));
        Assert.Equal((400, 1009), await StatusAsync(CreateAsync(client, "a b c d")));
        Assert.Equal((404, 1006), await StatusAsync(client.Api.GetAsync("/v1/users/nobody")));
        Assert.Equal((400, 1009), await StatusAsync(client.Api.SendAsync(HttpMethod.Delete, "/v1/users/admin", null)));

        client.Api.Token = await TokenAsync(client, "reader");
        var self = await client.Api.GetAsync("/v1/users/reader");
        Assert.Equal("ROLE_USER", (string)self.Json!["users"]![0]!["ROLES"]!);
        Assert.Equal((403, 1005), await StatusAsync(client.Api.GetAsync("/v1/users/admin")));
        Assert.Equal((403, 1005), await StatusAsync(client.Api.GetAsync("/v1/settings/application")));
        Assert.Equal((403, 1005), await StatusAsync(client.Api.PostAsync("/v1/settings/restore", new JsonObject())));
        Assert.Equal((403, 1005), await StatusAsync(client.Api.SendAsync(HttpMethod.Delete, "/v1/users/reader", null)));
        var changed = await client.Api.SendAsync(HttpMethod.Put, "/v1/users/reader", new JsonObject { ["password"] = "0ther-Passw0rd!" });
        Assert.Equal(200, changed.Status);
        Assert.Equal(200, (await client.Api.LoginAsync("reader", "0ther-Passw0rd!")).Status);
        Assert.StartsWith("$2", await client.ScalarAsync<string>("waweb", "select password from users where username = 'reader'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_key_opens_health_statistics_and_metrics_and_nothing_else()
    {
        await using var world = await SimWorld.StartAsync();
        var client = await world.RegisteredAsync(new ClientShape(
            Masters: 0, Coreapps: 1, Shards: 1, Variables: new Dictionary<string, string> { ["WA_API_KEY"] = "monitor-key-123" }));
        var key = new AuthenticationHeaderValue("Apikey", "monitor-key-123");
        foreach (var path in new[] { "/v1/health", "/v1/stats/app", "/v1/stats/db", "/metrics" })
        {
            Assert.Equal(200, (await client.Api.SendAsync(HttpMethod.Get, path, null, key)).Status);
            Assert.Equal(401, (await client.Api.SendAsync(HttpMethod.Get, path, null, new AuthenticationHeaderValue("Apikey", "wrong"))).Status);
        }

        Assert.Equal(401, (await client.Api.SendAsync(HttpMethod.Get, "/v1/support", null, key)).Status);
        var text = await client.Api.SendAsync(HttpMethod.Get, "/v1/stats/db?format=prometheus", null, key);
        Assert.Contains("db_pending_callbacks 0", text.Body, StringComparison.Ordinal);
    }

    private static async Task<(int Status, int? Code)> StatusAsync(Task<ApiResult> answer)
    {
        var result = await answer;
        return (result.Status, result.Code);
    }

    private static Task<ApiResult> CreateAsync(SimClient client, string name) =>
        client.Api.PostAsync("/v1/users", new JsonObject { ["username"] = name, ["password"] = ApiClient.Password });

    private static async Task<string> TokenAsync(SimClient client, string user)
    {
        var answer = await client.Api.LoginAsync(user, ApiClient.Password);
        Assert.True(answer.Status == 200, string.Create(CultureInfo.InvariantCulture, $"{answer.Status} {answer.Body}"));
        return (string)answer.Json!["users"]![0]!["token"]!;
    }
}
