using System.Text.Json.Nodes;

namespace WaSimulator.Protocol;

/// <summary>One message on the long-lived connection between a client's node and the service, either way.</summary>
internal sealed record Frame
{
    /// <summary>
    /// From the node: lobby (an unregistered client says that it is there), hello, message, ack. From the service:
    /// registered (answer to lobby), welcome, refused, replaced, accepted, event.
    /// </summary>
    public required string Type { get; init; }

    public string? Number { get; init; }

    public string? Secret { get; init; }

    /// <summary>The client: all nodes of one set of databases.</summary>
    public string? Client { get; init; }

    /// <summary>hostname:container-id.</summary>
    public string? Node { get; init; }

    /// <summary>"master" or "shard-n".</summary>
    public string? Slot { get; init; }

    public string? IdentityKey { get; init; }

    /// <summary>Id of a message, or sequence number of an event.</summary>
    public string? Id { get; init; }

    public long? Sequence { get; init; }

    public long? Counter { get; init; }

    public string? Recipient { get; init; }

    public string? Reason { get; init; }

    public bool? SameClient { get; init; }

    /// <summary>In hello: how long the node has been initialising and connecting.</summary>
    public double? DurationMs { get; init; }

    public int? Shards { get; init; }

    public IReadOnlyList<string>? Nodes { get; init; }

    public JsonObject? Payload { get; init; }
}
