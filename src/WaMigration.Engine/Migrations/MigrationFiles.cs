namespace WaMigration.Migrations;

/// <summary>The names of the files in a migration's folder.</summary>
internal static class MigrationFiles
{
    /// <summary>Identity, setups, options, steps.</summary>
    internal const string Record = "migration.json";

    /// <summary>One line an event.</summary>
    internal const string Journal = "events.jsonl";

    /// <summary>Held exclusively while a run is under way.</summary>
    internal const string Lock = "run.lock";

    /// <summary>Who holds it. A file of its own, since on some systems a locked file cannot be read.</summary>
    internal const string LockHolder = "run.json";

    /// <summary>The settings backup.</summary>
    internal const string SettingsBackup = "settings-backup";

    /// <summary>The definitions of the old containers, sealed.</summary>
    internal const string SourceClient = "source-client.enc";

    /// <summary>The definitions of the new containers, sealed, once they were removed by an undo.</summary>
    internal const string DestinationClient = "destination-client.enc";

    /// <summary>The application's token, sealed.</summary>
    internal const string Token = "token.enc";

    /// <summary>An archive of the databases.</summary>
    internal const string Archive = "databases";

    /// <summary>The old databases, exported before an undo carries newer rows back.</summary>
    internal const string OldDatabases = "old-databases";

    /// <summary>Files that may be there without a record: a run was killed while it made the folder.</summary>
    internal static readonly IReadOnlyList<string> BeforeRecord =
        [Lock, LockHolder, LockHolder + Security.PrivateFiles.TemporarySuffix, Record + Security.PrivateFiles.TemporarySuffix, Journal];

    /// <summary>The files that a migration cannot do without; nothing else may be written over them.</summary>
    internal static readonly IReadOnlyList<string> Own =
        [Record, Journal, Lock, LockHolder, SettingsBackup, SourceClient, DestinationClient, Token];
}
