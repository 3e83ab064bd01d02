using System.Security;
using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>A setup that is only described: nothing of it answers.</summary>
internal sealed class DescribedSetup : ISetupConnections
{
    public string? UserName { get; init; } = "admin";

    public IReadOnlyList<Uri> DockerHostAddresses { get; init; } = [];

    public DateTimeOffset? TokenExpiresAt => null;

    public SecureString? Password => null;

    public IReadOnlyList<string> PinnedThumbprints { get; init; } = [];

    internal static WaSetup Named(string name, string address, string? number = null, string? database = null) =>
        new(name, new Uri(address), WaSetupState.Unknown, new DescribedSetup())
        {
            PhoneNumber = number,
            Database = database is null
                ? null
                : new WaDatabaseServer(WaDatabaseEngine.PostgreSql, database, 5432, "wa", new SecureString(), "old_"),
        };

    public IWaApi Api(Operation operation) => throw new InvalidOperationException("This setup is only described.");

    public IReadOnlyList<IDockerHost> DockerHosts(Operation operation) => [];

    public void Pin(string thumbprint)
    {
        // Nothing is connected, so there is nothing to trust.
    }

    public void ForgetToken()
    {
        // There is none.
    }
}
