using System.Text.Json.Nodes;

namespace WaSimulator.Service;

/// <summary>What the service knows of one phone number. Guarded by the lock of <see cref="ServiceState"/>.</summary>
internal sealed class NumberRecord(string number)
{
    private TaskCompletionSource uploaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Number { get; } = number;

    public string CountryCode { get; set; } = "";

    public string Name { get; set; } = "";

    public bool Registered { get; set; }

    public int RegistrationId { get; set; }

    public byte[] SecretHash { get; set; } = [];

    public string? Certificate { get; set; }

    public DateTimeOffset RegisteredAt { get; set; }

    public int Shards { get; set; } = 1;

    public string? IdentityKey { get; private set; }

    public int IdentityUploads { get; private set; }

    /// <summary>Completes when the first identity key is there.</summary>
    public Task IdentityUploaded => uploaded.Task;

    public int SecurityCodeChanges { get; private set; }

    public byte[]? PinHash { get; set; }

    public JsonObject BusinessProfile { get; set; } = [];

    public string About { get; set; } = "";

    public byte[]? Photo { get; set; }

    /// <summary>The client whose nodes may be connected; another one takes its place by connecting.</summary>
    public string? Client { get; set; }

    public Dictionary<string, ClientSession> Sessions { get; } = new(StringComparer.Ordinal);

    public int Removed { get; set; }

    public int Renewed { get; set; }

    public int RegistrationAttempts { get; set; }

    public int Kicks { get; set; }

    public int Restores { get; private set; }

    public int KeyErrors { get; set; }

    public int CounterErrors { get; set; }

    public List<DuplicateMessage> Duplicates { get; } = [];

    /// <summary>Highest counter used, by identity key and contact.</summary>
    public Dictionary<(string IdentityKey, string Contact), long> Counters { get; } = [];

    public Dictionary<string, SentMessage> Messages { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateTimeOffset> LastInbound { get; } = new(StringComparer.Ordinal);

    /// <summary>Events the client has not acknowledged, by sequence number.</summary>
    public SortedDictionary<long, PendingEvent> Pending { get; } = [];

    public long NextEvent { get; set; } = 1;

    /// <summary>A registration begins: its first identity key is still to come.</summary>
    public void ExpectIdentity() => uploaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes an identity key; contacts see another security code when it is not the one before.</summary>
    public void Upload(string key, bool isRestore)
    {
        if (IdentityKey is not null && IdentityKey != key)
        {
            SecurityCodeChanges++;
        }

        IdentityKey = key;
        IdentityUploads++;
        Restores += isRestore ? 1 : 0;
        uploaded.TrySetResult();
    }
}
