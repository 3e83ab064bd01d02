namespace WaMigration;

/// <summary>The shape of a client. A migration needs it equal on both sides. A number that could not be read is null.</summary>
public sealed class WaTopology
{
    internal WaTopology(int? masters, int? coreapps, int? webapps, int? shards, string? clientVersion, WaDatabaseEngine databaseEngine, bool isMulticonnect, IReadOnlyList<WaClientNode> nodes)
    {
        Masters = masters;
        Coreapps = coreapps;
        Webapps = webapps;
        Shards = shards;
        ClientVersion = clientVersion;
        DatabaseEngine = databaseEngine;
        IsMulticonnect = isMulticonnect;
        Nodes = nodes.ToArray();
    }

    /// <summary>Master containers.</summary>
    public int? Masters { get; }

    /// <summary>Coreapp containers.</summary>
    public int? Coreapps { get; }

    /// <summary>Webapp containers.</summary>
    public int? Webapps { get; }

    /// <summary>Shards of the number (1, 2, 4, 8, 16, 32).</summary>
    public int? Shards { get; }

    /// <summary>Client version without the v, e.g. 2.53.1.</summary>
    public string? ClientVersion { get; }

    /// <summary>The database engine.</summary>
    public WaDatabaseEngine DatabaseEngine { get; }

    /// <summary>WA_APP_MULTICONNECT: several nodes work together.</summary>
    public bool IsMulticonnect { get; }

    /// <summary>The containers, where Docker hosts could be asked.</summary>
    public IReadOnlyList<WaClientNode> Nodes { get; }
}
