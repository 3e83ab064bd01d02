using System.Security;
using WaMigration.Api;
using WaMigration.Containers;

namespace WaMigration;

/// <summary>What a setup holds open, and how it was described.</summary>
internal interface ISetupConnections
{
    string? UserName { get; }

    IReadOnlyList<Uri> DockerHostAddresses { get; }

    DateTimeOffset? TokenExpiresAt { get; }

    /// <summary>The password that logs in now (the new one once it was changed).</summary>
    SecureString? Password { get; }

    /// <summary>SHA-256 thumbprints (hex, upper case, no separators) that the API's certificate may have.</summary>
    IReadOnlyList<string> PinnedThumbprints { get; }

    IWaApi Api(Operation operation);

    IReadOnlyList<IDockerHost> DockerHosts(Operation operation);

    /// <summary>Adds a pin, e.g. one read over the Docker connection from a client that was just installed.</summary>
    void Pin(string thumbprint);

    /// <summary>Drops the token, so that the next call logs in.</summary>
    void ForgetToken();
}
