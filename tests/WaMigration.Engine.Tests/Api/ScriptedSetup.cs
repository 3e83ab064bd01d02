using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;
using WaMigration.Setups;

namespace WaMigration.Engine.Tests.Api;

/// <summary>Setups that are connected to scripted or simulated APIs.</summary>
internal static class ScriptedSetup
{
    internal const string Password = "Str0ng-Passw0rd!";

    internal static SetupOptions Options(ScriptedApi api, string password = Password) => Options(api.Address, api.Thumbprint, password);

    internal static SetupOptions Options(Uri address, string thumbprint, string password = Password) => new()
    {
        Name = "old",
        ApiUri = address,
        UserName = "admin",
        Password = Secret.Conceal(password),
        CertificateThumbprints = [thumbprint],
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Connections without a login so far.</summary>
    internal static WaSetup Open(SetupOptions options, WaSetupState state = WaSetupState.Running)
    {
        var connections = new SetupConnections(options);
        var setup = new WaSetup(options.Name, options.ApiUri, state, connections);
        connections.Owner = setup;
        return setup;
    }

    internal static WaSetup Open(ScriptedApi api) => Open(Options(api));

    internal static Operation Operation(RecordingConsole? console = null, bool planOnly = false) => (console ?? new RecordingConsole()).Operation(planOnly);

    internal static async Task<T> ThrowsAsync<T>(string id, Func<Task> action)
        where T : WaException
    {
        var failure = await Assert.ThrowsAnyAsync<T>(action);
        Assert.True(failure.ErrorId == id, $"Expected {id}, got {failure.ErrorId}: {failure.Message}");
        Assert.NotEmpty(failure.Remedy);
        return failure;
    }
}
