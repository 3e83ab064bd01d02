namespace WaMigration;

/// <summary>A settings backup in a file: what is readable of it without its password, all of it authenticated.</summary>
public sealed class WaSettingsBackup
{
    internal WaSettingsBackup(string path, string setup, string phoneNumber, string? clientVersion, WaTopology topology, DateTimeOffset createdAt, string sha256)
    {
        Path = path;
        Setup = setup;
        PhoneNumber = phoneNumber;
        ClientVersion = clientVersion;
        Topology = topology;
        CreatedAt = createdAt;
        Sha256 = sha256;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number that it restores.</summary>
    public string PhoneNumber { get; }

    /// <summary>Masters, Coreapps and shards of the client that it was made from. It fits only the same.</summary>
    public WaTopology Topology { get; }

    /// <summary>The version of that client.</summary>
    public string? ClientVersion { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The name of the setup that it was made from.</summary>
    public string Setup { get; }

    /// <summary>The file's content in one number, by which the journal names it.</summary>
    public string Sha256 { get; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
