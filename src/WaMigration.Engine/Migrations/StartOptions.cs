using System.Security;

namespace WaMigration.Migrations;

/// <summary>What Start-WaMigration was told.</summary>
internal sealed record StartOptions
{
    public required string Path { get; init; }

    public required int Option { get; init; }

    public WaMigrationSide Side { get; init; }

    public WaSetup? Source { get; init; }

    public WaSetup? Destination { get; init; }

    public RunbookCall? Runbook { get; init; }

    /// <summary>Secrets that were given now, by parameter name.</summary>
    public IReadOnlyCollection<string> SecretsGiven { get; init; } = [];

    /// <summary>The last step that needs each secret.</summary>
    public IReadOnlyDictionary<string, int> SecretUntilStep { get; init; } = new Dictionary<string, int>();

    /// <summary>Opens the settings backup that is there already; null where it is not to be tried.</summary>
    public SecureString? BackupPassword { get; init; }

    public string? HandOverPath { get; init; }

    /// <summary>The databases stay where they are; only the client moves (Option 3).</summary>
    public bool KeepsDatabases { get; init; }

    /// <summary>The step before which the run ends; null where it goes to the end.</summary>
    public int? PauseBefore { get; init; }

    /// <summary>Prepares, measures, and says what the real run would take; the old client is left alone.</summary>
    public bool Rehearsal { get; init; }

    /// <summary>For an undo: what the new client has is carried back into the old databases.</summary>
    public bool CarryBack { get; init; }

    /// <summary>For an undo: what came to the new client is given up.</summary>
    public bool DiscardNewMessages { get; init; }

    /// <summary>For an undo: the old client comes back by other means than its saved definitions.</summary>
    public bool WithoutDefinitions { get; init; }

    /// <summary>For an undo: a person says that the old databases are there.</summary>
    public bool OldDatabasesKept { get; init; }
}
