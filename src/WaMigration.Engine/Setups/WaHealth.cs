namespace WaMigration;

/// <summary>The three answers to "is it well?".</summary>
public enum WaHealthStatus
{
    /// <summary>Exactly what must be connected is connected. Only this ends a downtime.</summary>
    Healthy,

    /// <summary>Connecting or initialising.</summary>
    Starting,

    /// <summary>All else.</summary>
    Unhealthy,
}

/// <summary>One node in the answer of /v1/health.</summary>
/// <param name="Name">Host name and container id as the API names it; empty for a single instance.</param>
/// <param name="Role">primary_master, secondary_master, coreapp; empty where the API does not say.</param>
/// <param name="Status">gateway_status, or <c>error</c> when the node could not be asked.</param>
/// <param name="Detail">The node's error, if any.</param>
public sealed record WaHealthNode(string Name, string Role, string Status, string Detail);

/// <summary>The health of a setup, judged for its topology.</summary>
public sealed class WaHealth
{
    internal WaHealth(string setup, WaHealthStatus status, bool isRegistered, IReadOnlyList<WaHealthNode> nodes, IReadOnlyList<string> reasons, DateTimeOffset time)
    {
        Setup = setup;
        Status = status;
        IsRegistered = isRegistered;
        Nodes = nodes.ToArray();
        Reasons = reasons.ToArray();
        Time = time;
    }

    /// <summary>The setup's name.</summary>
    public string Setup { get; }

    /// <summary>The answer.</summary>
    public WaHealthStatus Status { get; }

    /// <summary>False where the nodes say unregistered.</summary>
    public bool IsRegistered { get; }

    /// <summary>Why it is not Healthy.</summary>
    public IReadOnlyList<string> Reasons { get; }

    /// <summary>Every node that the API named.</summary>
    public IReadOnlyList<WaHealthNode> Nodes { get; }

    /// <summary>When it was read.</summary>
    public DateTimeOffset Time { get; }
}
