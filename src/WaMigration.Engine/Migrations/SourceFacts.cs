namespace WaMigration.Migrations;

/// <summary>
/// What is known of the old client from before it goes, since afterwards nobody can ask it: needed by later steps, by
/// the other company, and by the way back.
/// </summary>
internal sealed record SourceFacts
{
    public DateTimeOffset ReadAt { get; init; }

    public string? PhoneNumber { get; init; }

    public TopologyRecord? Topology { get; init; }

    /// <summary>The webhook's address; null where none is set.</summary>
    public string? WebhookUri { get; init; }

    /// <summary>The webhook's CA certificate as PEM; null where none is set.</summary>
    public string? WebhookCaCertificate { get; init; }

    /// <summary>The names of its databases.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];
}

/// <summary>A topology in a file. What could not be read is null.</summary>
internal sealed record TopologyRecord
{
    public int? Masters { get; init; }

    public int? Coreapps { get; init; }

    public int? Webapps { get; init; }

    public int? Shards { get; init; }

    public string? ClientVersion { get; init; }

    public WaDatabaseEngine DatabaseEngine { get; init; }

    internal static TopologyRecord From(WaTopology topology) => new()
    {
        Masters = topology.Masters,
        Coreapps = topology.Coreapps,
        Webapps = topology.Webapps,
        Shards = topology.Shards,
        ClientVersion = topology.ClientVersion,
        DatabaseEngine = topology.DatabaseEngine,
    };
}
