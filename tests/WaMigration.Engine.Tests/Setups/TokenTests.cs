using System.Text;
using WaMigration.Api;
using WaMigration.Containers;
using WaMigration.Engine.Tests.Api;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;
using WaMigration.Setups.Tokens;

namespace WaMigration.Engine.Tests.Setups;

public sealed class TokenTests
{
    private const string Login = "POST /v1/users/login";
    private const long Noon = 1_782_993_600;

    [Theory]
    [InlineData("""{"exp":1782993600}""", Noon)]
    [InlineData("""{"exp":1782993600.5,"user":"admin"}""", Noon)]
    [InlineData("""{"exp":"soon"}""", null)]
    [InlineData("""{"exp":1e300}""", null)]
    [InlineData("""{"iat":1782993600}""", null)]
    [InlineData("[]", null)]
    [InlineData("no json", null)]
    public void The_end_of_a_token_is_read_where_it_tells(string claims, long? end)
    {
        var token = $"eyJh.{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.sig";

        Assert.Equal(end, JsonWebToken.ExpiryOf(token)?.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("opaque")]
    [InlineData("a.b")]
    [InlineData("a.%%%.c")]
    public void A_token_that_is_none_tells_nothing(string token) => Assert.Null(JsonWebToken.ExpiryOf(token));

    [Fact]
    public async Task A_token_of_which_nothing_tells_the_end_is_not_taken_for_long_enough()
    {
        await using var api = await ScriptedApi.StartAsync();
        api.On(Login, ScriptedApi.Json("""{"users":[{"token":"opaque"}]}"""));
        using var folder = new TemporaryFolder();
        var path = folder.File("token");
        var setup = ScriptedSetup.Open(api);

        await ScriptedSetup.ThrowsAsync<WaException>("TokenExpiryUnknown", () =>
            TokenBackup.RunAsync(setup, path, Secret.Conceal("pw"), new TokenOptions { RequiredDuration = TimeSpan.FromHours(1) }, ScriptedSetup.Operation()));
        Assert.False(File.Exists(path));

        var console = new RecordingConsole();
        var kept = await TokenBackup.RunAsync(setup, path, Secret.Conceal("pw"), new TokenOptions(), ScriptedSetup.Operation(console));
        Assert.Null(kept.ExpiresAt);
        Assert.Single(console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_are_compared_and_what_cannot_be_said_is_unknown()
    {
        Assert.Equal(TokenKeyState.Equal, TokenKeys.Compare([Webapp("k"), Webapp("k", "b")], [Webapp("k", "c")]));
        Assert.Equal(TokenKeyState.Different, TokenKeys.Compare([Webapp("k")], [Webapp("K")]));
        Assert.Equal(TokenKeyState.Different, TokenKeys.Compare([Webapp("k"), Webapp("other")], [Webapp("k")]));
        Assert.Equal(TokenKeyState.SetOnOneSide, TokenKeys.Compare([Webapp("k")], [Webapp(null)]));
        Assert.Equal(TokenKeyState.SetOnOneSide, TokenKeys.Compare([Webapp("")], [Webapp("k")]));
        Assert.Equal(TokenKeyState.UnsetSameImage, TokenKeys.Compare([Webapp(null)], [Webapp("")]));
        Assert.Equal(TokenKeyState.UnsetOtherImage, TokenKeys.Compare([Webapp(null)], [Webapp(null, "b")]));
        Assert.Equal(TokenKeyState.Unknown, TokenKeys.Compare([Webapp(null)], [Webapp(null, "")]));
        Assert.Equal(TokenKeyState.Unknown, TokenKeys.Compare([Webapp("k")], []));
    }

    private static ContainerDefinition Webapp(string? key, string image = "sha256:a") => new()
    {
        Name = "web",
        Image = "docker.whatsapp.biz/web:v2.53.1",
        ImageId = image,
        Environment = key is null ? [] : ["WA_WEB_JWT_CRYPTO_KEY=" + key],
    };
}
