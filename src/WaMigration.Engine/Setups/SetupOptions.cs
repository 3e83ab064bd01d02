using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace WaMigration.Setups;

/// <summary>How a setup is reached, as Connect-WaSetup was told.</summary>
internal sealed record SetupOptions
{
    internal static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    internal required string Name { get; init; }

    internal required Uri ApiUri { get; init; }

    internal string? UserName { get; init; }

    internal SecureString? Password { get; init; }

    internal SecureString? NewPassword { get; init; }

    internal SecureString? ApiKey { get; init; }

    internal IReadOnlyList<Uri> DockerHosts { get; init; } = [];

    internal string? DockerCertificatePath { get; init; }

    internal DatabaseOptions Database { get; init; } = new();

    internal IReadOnlyList<string> CertificateThumbprints { get; init; } = [];

    internal IReadOnlyList<X509Certificate2> CaCertificates { get; init; } = [];

    internal bool SkipCertificateCheck { get; init; }

    internal TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>It is only described; nothing is contacted.</summary>
    internal bool NotInstalled { get; init; }
}
