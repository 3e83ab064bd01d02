namespace WaSimulator.Storage;

/// <summary>The client's databases, without the prefix.</summary>
public static class StoreNames
{
    /// <summary>Keys and counters of the encryption.</summary>
    public const string Axolotl = "axolotlStore";

    /// <summary>Callbacks that the webhook has not taken yet.</summary>
    public const string Callback = "callbackStore";

    /// <summary>Nodes, the primary Master, shards.</summary>
    public const string Cluster = "clusterStore";

    /// <summary>Settings, registration, webhook CA, media providers.</summary>
    public const string Config = "configStore";

    /// <summary>Contacts.</summary>
    public const string Contact = "contactStore";

    /// <summary>Messages that are not sent yet.</summary>
    public const string Jobqueue = "jobqueueStore";

    /// <summary>Messages and receipts.</summary>
    public const string Message = "messageStore";

    /// <summary>Users, tokens, contacts and certificates of the Webapp.</summary>
    public const string Web = "waweb";
}
