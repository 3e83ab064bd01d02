using WaSimulator.Nodes.Stores;

namespace WaSimulator.Nodes;

/// <summary>What a Coreapp or Master knows of itself and its client at this moment.</summary>
internal sealed class NodeState(CoreContext core, Gateway gateway)
{
    private volatile Registration? registration;
    private volatile AppSettings? settings;
    private volatile AppSettings? startSettings;
    private volatile ClusterSnapshot? snapshot;
    private volatile string? webhookCa;
    private volatile string? identityKey;
    private volatile bool loaded;
    private volatile bool primary;
    private double readyAt = double.MaxValue;

    public Registration? Registration
    {
        get => registration;
        set => registration = value;
    }

    /// <summary>The public identity key in this client's database.</summary>
    public string? IdentityKey
    {
        get => identityKey;
        set => identityKey = value;
    }

    /// <summary>The settings as they are now.</summary>
    public AppSettings Settings
    {
        get => settings ?? AppSettings.From([], core.Version, number: null);
        set => settings = value;
    }

    /// <summary>The settings when the node started: those that want a restart hold as they were then.</summary>
    public AppSettings StartSettings
    {
        get => startSettings ?? Settings;
        set => startSettings = value;
    }

    /// <summary>The webhook CA when the node started.</summary>
    public string? WebhookCa
    {
        get => webhookCa;
        set => webhookCa = value;
    }

    public ClusterSnapshot? Snapshot
    {
        get => snapshot;
        set => snapshot = value;
    }

    /// <summary>Databases are there and the client's state was read.</summary>
    public bool Loaded
    {
        get => loaded;
        set => loaded = value;
    }

    /// <summary>Holds the lease; a Coreapp that runs alone leads itself.</summary>
    public bool IsPrimary
    {
        get => primary;
        set => primary = value;
    }

    public bool IsReady => Loaded && core.Clock.Monotonic >= Volatile.Read(ref readyAt);

    /// <summary>How long until the node has initialised itself.</summary>
    public TimeSpan UntilReady => TimeSpan.FromMilliseconds(Math.Max(0, Volatile.Read(ref readyAt) - core.Clock.Monotonic));

    public int Shards => Snapshot?.Info?.Shards ?? core.Environment.Shards;

    /// <summary>The shards that this node owns; -1 is the primary Master's own.</summary>
    public IReadOnlyList<int> OwnShards => Snapshot?.ShardsOf(core.Hostname, core.Port) ?? [];

    /// <summary>The shard this node sends for; null when it has none.</summary>
    public int? SendingShard => OwnShards.Where(shard => shard >= 0).Select(shard => (int?)shard).FirstOrDefault();

    public string Role => core.IsMaster ? (IsPrimary ? "primary_master" : "secondary_master") : "coreapp";

    /// <summary>gateway_status of this node.</summary>
    public string Status => !IsReady ? "uninitialized" : Registration is null ? "unregistered" : gateway.Status;

    public void Initialize(TimeSpan duration) =>
        Volatile.Write(ref readyAt, core.Clock.Monotonic + core.Clock.Scale(duration).TotalMilliseconds);
}
