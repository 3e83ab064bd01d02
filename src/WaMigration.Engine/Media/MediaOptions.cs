namespace WaMigration.Media;

/// <summary>How media are copied.</summary>
internal sealed record MediaOptions
{
    /// <summary>Compares contents by their hashes, not only names, sizes and times.</summary>
    internal bool Verify { get; init; }

    /// <summary>What changes meanwhile is left to the next copy.</summary>
    internal bool AllowActiveClient { get; init; }
}
