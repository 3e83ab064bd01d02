namespace WaMigration;

/// <summary>What the removal of a client did. Databases, volumes, networks and images are where they were.</summary>
public sealed class WaClientRemoval
{
    internal WaClientRemoval(string setup, IReadOnlyList<WaClientNode> removed, DateTimeOffset? webappStoppedAt, long? undeliveredMessages, long? undeliveredCallbacks, string? definitionPath)
    {
        Setup = setup;
        Removed = removed.ToArray();
        WebappStoppedAt = webappStoppedAt;
        UndeliveredMessages = undeliveredMessages;
        UndeliveredCallbacks = undeliveredCallbacks;
        DefinitionPath = definitionPath;
    }

    /// <summary>The setup's name.</summary>
    public string Setup { get; }

    /// <summary>The containers that were removed, as they were before.</summary>
    public IReadOnlyList<WaClientNode> Removed { get; }

    /// <summary>When the API went, and with it the outage began; null where it did not run.</summary>
    public DateTimeOffset? WebappStoppedAt { get; }

    /// <summary>Messages that were not sent; null where nothing told.</summary>
    public long? UndeliveredMessages { get; }

    /// <summary>Callbacks that the webhook never took; null where nothing told.</summary>
    public long? UndeliveredCallbacks { get; }

    /// <summary>The file with the definitions of the containers; null where none was asked for.</summary>
    public string? DefinitionPath { get; }
}
