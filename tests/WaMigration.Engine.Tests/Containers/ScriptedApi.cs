using System.Security;
using System.Text.Json.Nodes;
using WaMigration.Api;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>An API that answers what a test says, and refuses what no test expects of it.</summary>
internal sealed class ScriptedApi : IWaApi
{
    internal Func<Task<bool>> Answers { get; set; } = () => Task.FromResult(false);

    internal Func<int?> Shards { get; set; } = () => null;

    internal Func<JsonObject> Health { get; set; } = () => throw Refused("health");

    internal Func<JsonObject> Support { get; set; } = () => throw Refused("support");

    /// <summary>By area: app or db.</summary>
    internal Func<string, JsonObject> Statistics { get; set; } = area => throw Refused("stats/" + area);

    public Uri Address { get; } = new("https://127.0.0.1/");

    public IWaApi WithoutRepeats => this;

    public Task<bool> IsAnsweringAsync(CancellationToken cancellation) => Answers();

    public Task<int?> GetShardsAsync(CancellationToken cancellation) => Answer(Shards);

    public Task<JsonObject> GetHealthAsync(CancellationToken cancellation) => Answer(Health);

    public Task<JsonObject> GetSupportAsync(CancellationToken cancellation) => Answer(Support);

    public Task<JsonObject> GetStatisticsAsync(string area, CancellationToken cancellation) => Answer(() => Statistics(area));

    public Task<ApiToken> LoginAsync(string userName, string password, string? newPassword, CancellationToken cancellation) => throw Unexpected();

    public Task<bool> IsTokenAcceptedAsync(SecureString token, CancellationToken cancellation) => throw Unexpected();

    public Task LogoutAsync(CancellationToken cancellation) => throw Unexpected();

    public Task<string> BackupSettingsAsync(string password, CancellationToken cancellation) => throw Unexpected();

    public Task RestoreSettingsAsync(string password, string data, CancellationToken cancellation) => throw Unexpected();

    public Task<JsonObject> GetApplicationSettingsAsync(CancellationToken cancellation) => throw Unexpected();

    public Task ChangeApplicationSettingsAsync(JsonObject changes, CancellationToken cancellation) => throw Unexpected();

    public Task ResetApplicationSettingsAsync(CancellationToken cancellation) => throw Unexpected();

    public Task EnableTwoStepAsync(string pin, CancellationToken cancellation) => throw Unexpected();

    public Task DisableTwoStepAsync(CancellationToken cancellation) => throw Unexpected();

    public Task<string?> GetWebhookCaAsync(CancellationToken cancellation) => throw Unexpected();

    public Task SetWebhookCaAsync(string pem, CancellationToken cancellation) => throw Unexpected();

    public Task RemoveWebhookCaAsync(CancellationToken cancellation) => throw Unexpected();

    public Task<string?> GetExternalCaAsync(CancellationToken cancellation) => throw Unexpected();

    public Task SetExternalCertificateAsync(string pem, CancellationToken cancellation) => throw Unexpected();

    public Task<JsonArray> GetMediaProvidersAsync(CancellationToken cancellation) => throw Unexpected();

    public Task SetMediaProviderAsync(JsonObject provider, CancellationToken cancellation) => throw Unexpected();

    public Task RemoveMediaProviderAsync(string name, CancellationToken cancellation) => throw Unexpected();

    public Task<JsonObject> GetUserAsync(string name, CancellationToken cancellation) => throw Unexpected();

    public Task AddUserAsync(string name, string password, CancellationToken cancellation) => throw Unexpected();

    public Task ChangeUserAsync(string name, string password, CancellationToken cancellation) => throw Unexpected();

    public Task RemoveUserAsync(string name, CancellationToken cancellation) => throw Unexpected();

    public Task<string> SendMessageAsync(JsonObject message, CancellationToken cancellation) => throw Unexpected();

    internal static WaApiException Refused(string what, int httpStatus = 401, int? code = 1005) =>
        new(new WaErrorKind("Refused", WaErrorCategory.AuthenticationError, new TextCatalog("WaMigration.Api.ApiErrors")), what, string.Empty, what, httpStatus, code, "Access denied", what, []);

    private static InvalidOperationException Unexpected() => new("No test expects this call.");

    private static async Task<T> Answer<T>(Func<T> answer)
    {
        await Task.Yield();
        return answer();
    }
}
