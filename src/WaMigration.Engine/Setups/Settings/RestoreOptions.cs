namespace WaMigration.Setups.Settings;

/// <summary>What the user said of a restore.</summary>
internal sealed record RestoreOptions
{
    /// <summary>
    /// The Webapp waits up to 55 s for the Coreapp: a request whose answer was lost may still be at work that long, so
    /// only afterwards does "unregistered" show that it was not taken.
    /// </summary>
    internal static readonly TimeSpan DefaultOutcomeWait = TimeSpan.FromSeconds(60);

    /// <summary>Restore onto a registered client, which stops and is restarted.</summary>
    internal bool AllowRegistered { get; init; }

    /// <summary>The client that served the number so far; in a migration it is known anyway.</summary>
    internal WaSetup? Source { get; init; }

    /// <summary>The name of a person who says that it is stopped; null where nobody did.</summary>
    internal string? SourceStoppedStatedBy { get; init; }

    /// <summary>Shards of the new client, where it does not tell them before it is registered.</summary>
    internal int? Shards { get; init; }

    /// <summary>How long the client may take to tell whether it is registered; null for the usual time.</summary>
    internal TimeSpan? SettleTimeout { get; init; }

    internal TimeSpan OutcomeWait { get; init; } = DefaultOutcomeWait;
}
