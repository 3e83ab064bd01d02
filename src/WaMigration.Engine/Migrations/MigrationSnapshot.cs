namespace WaMigration.Migrations;

/// <summary>A migration's record and journal at one moment.</summary>
internal sealed record MigrationSnapshot(string Path, MigrationRecord Record, IReadOnlyList<JournalEvent> Events, DateTimeOffset Now)
{
    /// <summary>The old setup's name in the journal.</summary>
    internal string SourceName => Record.Source?.Name ?? string.Empty;

    /// <summary>The new setup's name in the journal.</summary>
    internal string DestinationName => Record.Destination?.Name ?? string.Empty;

    internal JournalEvent? First(string setup, params string[] kinds) =>
        Events.FirstOrDefault(entry => entry.Setup == setup && kinds.Contains(entry.Kind));

    internal JournalEvent? Last(string setup, params string[] kinds) =>
        Events.LastOrDefault(entry => entry.Setup == setup && kinds.Contains(entry.Kind));

    internal bool Has(string setup, params string[] kinds) => First(setup, kinds) is not null;

    /// <summary>The old client was begun to be taken down.</summary>
    internal bool SourceIsGoing => Has(
        SourceName,
        JournalKinds.WebappStopping,
        JournalKinds.ClientStopping,
        JournalKinds.ClientRemoving,
        JournalKinds.SourceStoppedStated,
        JournalKinds.SourceStoppedProved);

    /// <summary>
    /// A restore request was sent to the new side and not refused for certain: the identity keys may be new ones.
    /// </summary>
    internal bool RestoreMayHaveBeenSent =>
        Last(DestinationName, JournalKinds.RestoreSending, JournalKinds.RestoreAnswered, JournalKinds.RestoreRefused, JournalKinds.RestoreFoundDone)
            is { } last && last.Kind != JournalKinds.RestoreRefused;

    /// <summary>The restore is known to be done.</summary>
    internal bool IsRestored => Has(DestinationName, JournalKinds.RestoreAnswered, JournalKinds.RestoreFoundDone);
}
