namespace WaLab.Service;

/// <summary>What the simulated service knows of a phone number.</summary>
public sealed record ServiceNumber
{
    /// <summary>Digits.</summary>
    public string Number { get; init; } = "";

    /// <summary>The business's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>It is registered.</summary>
    public bool Registered { get; init; }

    /// <summary>Changes with every registration; a migration must keep it.</summary>
    public int RegistrationId { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Shards it is registered for.</summary>
    public int Shards { get; init; }

    /// <summary>The public key that contacts know.</summary>
    public string? IdentityKey { get; init; }

    /// <summary>How often a client uploaded a new key.</summary>
    public int IdentityUploads { get; init; }

    /// <summary>How often contacts were told of a new security code.</summary>
    public int SecurityCodeChanges { get; init; }

    /// <summary>Two-step verification is on.</summary>
    public bool TwoStep { get; init; }

    /// <summary>How often its registration was removed.</summary>
    public int Removed { get; init; }

    /// <summary>How often it was registered again.</summary>
    public int Renewed { get; init; }

    /// <summary>How often a client tried to register it.</summary>
    public int RegistrationAttempts { get; init; }

    /// <summary>Restores that were carried out.</summary>
    public int Restores { get; init; }

    /// <summary>How often one client kicked another off.</summary>
    public int Kicks { get; init; }

    /// <summary>Messages under a key that is no longer the number's.</summary>
    public int KeyErrors { get; init; }

    /// <summary>Messages with a counter already used.</summary>
    public int CounterErrors { get; init; }

    /// <summary>Messages that were sent twice.</summary>
    public int DuplicateMessages { get; init; }

    /// <summary>The client that may be connected.</summary>
    public string? Client { get; init; }

    /// <summary>The nodes that are connected.</summary>
    public IReadOnlyList<ServiceConnection> Connected { get; init; } = [];

    /// <summary>Messages taken.</summary>
    public int MessagesSent { get; init; }

    /// <summary>Events that its client has not acknowledged.</summary>
    public int EventsWaiting { get; init; }

    /// <summary>The text under its name.</summary>
    public string About { get; init; } = "";
}
