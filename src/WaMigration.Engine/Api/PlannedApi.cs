using System.Security;
using System.Text.Json.Nodes;

namespace WaMigration.Api;

/// <summary>
/// The API under -WhatIf: reads are real, changes are only told. Where the setup is not there yet, reads end with
/// <see cref="NotInstalledYetException"/> without anything being contacted.
/// </summary>
internal sealed class PlannedApi : IWaApi
{
    private readonly IWaApi real;
    private readonly string setup;
    private readonly Func<WaSetupState> state;
    private readonly IOperationConsole console;

    internal PlannedApi(IWaApi real, string setup, Func<WaSetupState> state, IOperationConsole console)
    {
        this.real = real;
        this.setup = setup;
        this.state = state;
        this.console = console;
    }

    public Uri Address => real.Address;

    private bool IsThere => state() is WaSetupState.Running or WaSetupState.Stopped;

    public IWaApi WithoutRepeats => new PlannedApi(real.WithoutRepeats, setup, state, console);

    public Task<ApiToken> LoginAsync(string userName, string password, string? newPassword, CancellationToken cancellation)
    {
        if (newPassword is not null)
        {
            Tell("ChangePassword", userName);
        }

        return ReadAsync("v1/users/login", () => real.LoginAsync(userName, password, null, cancellation));
    }

    public Task LogoutAsync(CancellationToken cancellation) => Tell("Logout");

    public Task<bool> IsTokenAcceptedAsync(SecureString token, CancellationToken cancellation) =>
        ReadAsync("v1/health", () => real.IsTokenAcceptedAsync(token, cancellation));

    // Nothing changes on the client by it.
    public Task<string> BackupSettingsAsync(string password, CancellationToken cancellation) =>
        ReadAsync("v1/settings/backup", () => real.BackupSettingsAsync(password, cancellation));

    public Task RestoreSettingsAsync(string password, string data, CancellationToken cancellation) => Tell("Restore");

    public Task<JsonObject> GetApplicationSettingsAsync(CancellationToken cancellation) =>
        ReadAsync("v1/settings/application", () => real.GetApplicationSettingsAsync(cancellation));

    public Task ChangeApplicationSettingsAsync(JsonObject changes, CancellationToken cancellation) =>
        Tell("ChangeSettings", changes.ToJsonString());

    public Task ResetApplicationSettingsAsync(CancellationToken cancellation) => Tell("ResetSettings");

    public Task EnableTwoStepAsync(string pin, CancellationToken cancellation) => Tell("EnableTwoStep");

    public Task DisableTwoStepAsync(CancellationToken cancellation) => Tell("DisableTwoStep");

    public Task<int?> GetShardsAsync(CancellationToken cancellation) =>
        ReadAsync("v1/account/shards", () => real.GetShardsAsync(cancellation));

    public Task<JsonObject> GetHealthAsync(CancellationToken cancellation) =>
        ReadAsync("v1/health", () => real.GetHealthAsync(cancellation));

    public Task<JsonObject> GetSupportAsync(CancellationToken cancellation) =>
        ReadAsync("v1/support", () => real.GetSupportAsync(cancellation));

    public Task<JsonObject> GetStatisticsAsync(string area, CancellationToken cancellation) =>
        ReadAsync("v1/stats/" + area, () => real.GetStatisticsAsync(area, cancellation));

    public Task<string?> GetWebhookCaAsync(CancellationToken cancellation) =>
        ReadAsync("v1/certificates/webhooks/ca", () => real.GetWebhookCaAsync(cancellation));

    public Task SetWebhookCaAsync(string pem, CancellationToken cancellation) => Tell("SetWebhookCa");

    public Task RemoveWebhookCaAsync(CancellationToken cancellation) => Tell("RemoveWebhookCa");

    public Task<string?> GetExternalCaAsync(CancellationToken cancellation) =>
        ReadAsync("v1/certificates/external/ca", () => real.GetExternalCaAsync(cancellation));

    public Task SetExternalCertificateAsync(string pem, CancellationToken cancellation) => Tell("SetExternalCertificate");

    public Task<JsonArray> GetMediaProvidersAsync(CancellationToken cancellation) =>
        ReadAsync("v1/settings/application/media/providers", () => real.GetMediaProvidersAsync(cancellation));

    public Task SetMediaProviderAsync(JsonObject provider, CancellationToken cancellation) =>
        Tell("SetMediaProvider", provider.Text("name") ?? string.Empty);

    public Task RemoveMediaProviderAsync(string name, CancellationToken cancellation) => Tell("RemoveMediaProvider", name);

    public Task<JsonObject> GetUserAsync(string name, CancellationToken cancellation) =>
        ReadAsync("v1/users/" + name, () => real.GetUserAsync(name, cancellation));

    public Task AddUserAsync(string name, string password, CancellationToken cancellation) => Tell("AddUser", name);

    public Task ChangeUserAsync(string name, string password, CancellationToken cancellation) => Tell("ChangeUser", name);

    public Task RemoveUserAsync(string name, CancellationToken cancellation) => Tell("RemoveUser", name);

    /// <returns>An empty id: no message exists.</returns>
    public async Task<string> SendMessageAsync(JsonObject message, CancellationToken cancellation)
    {
        await Tell("SendMessage", message.Text("to") ?? string.Empty).ConfigureAwait(false);
        return string.Empty;
    }

    public Task<bool> IsAnsweringAsync(CancellationToken cancellation) =>
        IsThere ? real.IsAnsweringAsync(cancellation) : Task.FromResult(false);

    private Task Tell(string action, params object?[] args)
    {
        console.WhatIf(setup, PlanText.Action(action, args));
        return Task.CompletedTask;
    }

    private async Task<T> ReadAsync<T>(string what, Func<Task<T>> read)
    {
        if (!IsThere)
        {
            throw new NotInstalledYetException(setup, what);
        }

        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (WaApiException failure) when (failure.Kind == ApiErrors.ApiUnreachable && state() == WaSetupState.Stopped)
        {
            // An earlier step of the plan would have started it.
            throw new NotInstalledYetException(setup, what, failure);
        }
    }
}
