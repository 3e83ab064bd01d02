namespace WaMigration;

/// <summary>What a copy of media did, for one place that they were copied to.</summary>
public sealed class WaMediaCopy
{
    /// <summary>Where they were copied from: volumes with their Docker hosts, or an archive.</summary>
    public required IReadOnlyList<string> Source { get; init; }

    /// <summary>Where they were copied to.</summary>
    public required string Destination { get; init; }

    /// <summary>The archive's folder; null where none is written.</summary>
    public string? Path { get; init; }

    /// <summary>Files that the source has.</summary>
    public int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Files that were copied.</summary>
    public int Moved { get; init; }

    /// <summary>Their bytes.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Files that were there already.</summary>
    public int AlreadyThere { get; init; }

    /// <summary>Files that only the destination has. They are left where they are.</summary>
    public IReadOnlyList<string> OnlyAtDestination { get; init; } = [];

    /// <summary>Files that changed while they were copied; the next copy takes them.</summary>
    public IReadOnlyList<string> Unsettled { get; init; } = [];

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Destination;
}
