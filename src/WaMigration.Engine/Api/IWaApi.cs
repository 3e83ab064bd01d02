using System.Security;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>
/// The client's HTTPS API, one method a call, with typed errors (<see cref="WaApiException"/>). Implemented by the
/// real connection and by the planning decorator, which reads for real and only tells the writes.
/// </summary>
internal interface IWaApi
{
    Uri Address { get; }

    /// <summary>The same without any repetition of failed requests, for callers that poll.</summary>
    IWaApi WithoutRepeats { get; }

    Task<ApiToken> LoginAsync(string userName, string password, string? newPassword, CancellationToken cancellation);

    Task LogoutAsync(CancellationToken cancellation);

    /// <summary>Whether the client takes that token now.</summary>
    Task<bool> IsTokenAcceptedAsync(SecureString token, CancellationToken cancellation);

    /// <summary>The encrypted, opaque settings data.</summary>
    Task<string> BackupSettingsAsync(string password, CancellationToken cancellation);

    /// <summary>Never retried: an unknown outcome is thrown as such.</summary>
    Task RestoreSettingsAsync(string password, string data, CancellationToken cancellation);

    Task<JsonObject> GetApplicationSettingsAsync(CancellationToken cancellation);

    Task ChangeApplicationSettingsAsync(JsonObject changes, CancellationToken cancellation);

    Task ResetApplicationSettingsAsync(CancellationToken cancellation);

    Task EnableTwoStepAsync(string pin, CancellationToken cancellation);

    Task DisableTwoStepAsync(CancellationToken cancellation);

    /// <summary>Shards of the number; null where the client does not tell them yet.</summary>
    Task<int?> GetShardsAsync(CancellationToken cancellation);

    /// <summary>The value of <c>health</c>: a single object or a map of nodes.</summary>
    Task<JsonObject> GetHealthAsync(CancellationToken cancellation);

    /// <summary>The value of <c>support</c>.</summary>
    Task<JsonObject> GetSupportAsync(CancellationToken cancellation);

    /// <summary>The value of <c>stats.app</c> or <c>stats.db</c>.</summary>
    Task<JsonObject> GetStatisticsAsync(string area, CancellationToken cancellation);

    /// <summary>The webhook CA certificate as PEM; null where none is set.</summary>
    Task<string?> GetWebhookCaAsync(CancellationToken cancellation);

    Task SetWebhookCaAsync(string pem, CancellationToken cancellation);

    Task RemoveWebhookCaAsync(CancellationToken cancellation);

    Task<string?> GetExternalCaAsync(CancellationToken cancellation);

    Task SetExternalCertificateAsync(string pem, CancellationToken cancellation);

    Task<JsonArray> GetMediaProvidersAsync(CancellationToken cancellation);

    Task SetMediaProviderAsync(JsonObject provider, CancellationToken cancellation);

    Task RemoveMediaProviderAsync(string name, CancellationToken cancellation);

    Task<JsonObject> GetUserAsync(string name, CancellationToken cancellation);

    Task AddUserAsync(string name, string password, CancellationToken cancellation);

    Task ChangeUserAsync(string name, string password, CancellationToken cancellation);

    Task RemoveUserAsync(string name, CancellationToken cancellation);

    /// <summary>Sends a message; returns its id.</summary>
    Task<string> SendMessageAsync(JsonObject message, CancellationToken cancellation);

    /// <summary>Whether anything answers at the address at all, with or without a login.</summary>
    /// <returns>False only where the connection is refused or the host unreachable; anything that answers is true.</returns>
    Task<bool> IsAnsweringAsync(CancellationToken cancellation);
}
