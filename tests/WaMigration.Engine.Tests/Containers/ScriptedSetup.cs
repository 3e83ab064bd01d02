using System.Security;
using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>A setup with real Docker hosts and a scripted API.</summary>
internal sealed class ScriptedSetup : ISetupConnections
{
    private readonly List<string> pins = [];

    internal ScriptedApi ScriptedApi { get; } = new();

    internal List<IDockerHost> Hosts { get; } = [];

    public string? UserName => "admin";

    public IReadOnlyList<Uri> DockerHostAddresses => [.. Hosts.Select(host => host.Address)];

    public DateTimeOffset? TokenExpiresAt => null;

    public SecureString? Password => null;

    public IReadOnlyList<string> PinnedThumbprints => pins;

    public IWaApi Api(Operation operation) => ScriptedApi;

    public IReadOnlyList<IDockerHost> DockerHosts(Operation operation) =>
        operation.PlanOnly ? [.. Hosts.Select(host => new PlannedDockerHost(host, operation.Console))] : Hosts;

    public void Pin(string thumbprint) => pins.Add(thumbprint);

    public void ForgetToken()
    {
        // There is none.
    }
}
