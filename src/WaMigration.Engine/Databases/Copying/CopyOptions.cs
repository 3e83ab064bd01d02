namespace WaMigration.Databases.Copying;

/// <summary>What a copy, export or import is asked to do.</summary>
internal sealed record CopyOptions
{
    /// <summary>
    /// Nobody can ask a server for its processors; those of this machine are the best guess. More workers than processors
    /// lose a fifth of the time to each other's locks (measured with 4 on 2).
    /// </summary>
    internal static readonly int DefaultThrottleLimit = Math.Max(2, Math.Min(4, Environment.ProcessorCount));

    /// <summary>Named databases; all of the client's where there are none.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>Leaves out the web application's own store.</summary>
    public bool ExcludeWaweb { get; init; }

    /// <summary>Tables whose rows stay behind.</summary>
    public IReadOnlyList<string> ExcludeTables { get; init; } = [];

    /// <summary>How many chunks are on their way at once.</summary>
    public int ThrottleLimit { get; init; } = DefaultThrottleLimit;

    /// <summary>Brings a target that has data up to date.</summary>
    public bool Update { get; init; }

    /// <summary>Carries owners and grants.</summary>
    public bool IncludeOwner { get; init; }

    /// <summary>Goes on although others are on the source's databases.</summary>
    public bool AllowActiveClient { get; init; }

    /// <summary>What moves the databases; null where an archive says it itself.</summary>
    public WaCopyMethod? Method { get; init; }

    /// <summary>The folder of the engine's dump tools; null for PATH.</summary>
    public string? UtilityFolder { get; init; }

    /// <summary>Leaves out the digests of both sides at the end.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>In a comparison: rows that were removed on the second side on purpose.</summary>
    public WaClusterCleanup? Removed { get; init; }

    /// <summary>Whether a table's rows stay behind; names are as the server writes them, with or without the schema public.</summary>
    internal bool Excludes(TableModel table) =>
        ExcludeTables.Any(name => name.Equals(table.Name, StringComparison.OrdinalIgnoreCase) || ("public." + name).Equals(table.Name, StringComparison.OrdinalIgnoreCase));
}
