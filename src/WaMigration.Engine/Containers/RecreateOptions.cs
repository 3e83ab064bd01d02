namespace WaMigration.Containers;

/// <summary>How a client is made again from its saved definitions.</summary>
internal sealed record RecreateOptions
{
    /// <summary>Create, and start later.</summary>
    internal bool NoStart { get; init; }

    /// <summary>The other client of the number, to be proved stopped; the counterpart in the migration where null.</summary>
    internal WaSetup? Source { get; init; }

    /// <summary>A person says that the other one is stopped.</summary>
    internal bool SourceStopped { get; init; }

    /// <summary>How long the API may take to answer.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);
}
