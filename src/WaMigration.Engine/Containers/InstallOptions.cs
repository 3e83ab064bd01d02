using System.Security;

namespace WaMigration.Containers;

/// <summary>What Install-WaClient was told.</summary>
internal sealed record InstallOptions
{
    internal const string VendorRegistry = "docker.whatsapp.biz";

    /// <summary>Takes topology, version and registry from this setup; the numbers below win where they are given.</summary>
    internal WaSetup? Like { get; init; }

    internal int? Masters { get; init; }

    internal int? Coreapps { get; init; }

    internal int? Webapps { get; init; }

    internal int? Shards { get; init; }

    /// <summary>Without the v.</summary>
    internal string? ClientVersion { get; init; }

    /// <summary>Where the images come from, without the last part of their names.</summary>
    internal string? Registry { get; init; }

    /// <summary>Files of docker save, for hosts that lack the images.</summary>
    internal IReadOnlyList<string> ImagePaths { get; init; } = [];

    /// <summary>Compose project; from the setup's name where null.</summary>
    internal string? Project { get; init; }

    /// <summary>The database server as containers reach it; the setup's own address where null.</summary>
    internal string? DatabaseHost { get; init; }

    internal int? DatabasePort { get; init; }

    /// <summary>The host port of the (first) Webapp of a host; that of the API address where null.</summary>
    internal int? PublishPort { get; init; }

    /// <summary>What goes onto which Docker host; may be empty where there is one.</summary>
    internal IReadOnlyList<HostPlacement> Placement { get; init; } = [];

    internal SecureString? ApiKey { get; init; }

    /// <summary>Takes the keys of Webapps and Coreapps from <see cref="Like"/>, so that tokens of there are good here.</summary>
    internal bool CarryKeys { get; init; }

    /// <summary>Create, and start later.</summary>
    internal bool NoStart { get; init; }

    /// <summary>The client that serves the number now, to be proved stopped where the databases carry a registration.</summary>
    internal WaSetup? Source { get; init; }

    internal bool SourceStopped { get; init; }

    internal TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);
}
