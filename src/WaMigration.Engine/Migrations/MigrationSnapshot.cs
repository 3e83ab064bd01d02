namespace WaMigration.Migrations;

/// <summary>A migration's record and journal at one moment.</summary>
internal sealed record MigrationSnapshot(string Path, MigrationRecord Record, IReadOnlyList<JournalEvent> Events, DateTimeOffset Now)
{
    /// <summary>The old client is going, or gone.</summary>
    internal static readonly string[] SourceGoes =
    [
        JournalKinds.WebappStopping,
        JournalKinds.ClientStopping,
        JournalKinds.ClientRemoving,
        JournalKinds.SourceStoppedStated,
        JournalKinds.SourceStoppedProved,
    ];

    /// <summary>The old client is started again.</summary>
    internal static readonly string[] SourceServesAgain = [JournalKinds.WebappStartedAgain, JournalKinds.ClientStarting];

    /// <summary>The old setup's name in the journal.</summary>
    internal string SourceName => Record.Source?.Name ?? string.Empty;

    /// <summary>The new setup's name in the journal.</summary>
    internal string DestinationName => Record.Destination?.Name ?? string.Empty;

    /// <summary>The pins of the new side's certificate: given, or read when it was installed.</summary>
    internal IReadOnlyList<string> DestinationThumbprints => Thumbprints(Record.Destination, Last(DestinationName, JournalKinds.Installed), Last(DestinationName, JournalKinds.CertificateSet));

    /// <summary>The pins of the old side's certificate: given, or read when it was made again.</summary>
    internal IReadOnlyList<string> SourceThumbprints => Thumbprints(Record.Source, Last(SourceName, JournalKinds.ClientRecreated), Last(SourceName, JournalKinds.CertificateSet));

    /// <summary>What happened since an undo began, if one did.</summary>
    internal IEnumerable<JournalEvent> EventsOfUndo => Record.Undo is { } undo ? Events.Where(entry => entry.At >= undo.StartedAt) : [];

    /// <summary>The last of these since the undo began.</summary>
    internal JournalEvent? LastOfUndo(string setup, params string[] kinds) =>
        EventsOfUndo.LastOrDefault(entry => entry.Setup == setup && kinds.Contains(entry.Kind));

    internal JournalEvent? First(string setup, params string[] kinds) =>
        Events.FirstOrDefault(entry => entry.Setup == setup && kinds.Contains(entry.Kind));

    internal JournalEvent? Last(string setup, params string[] kinds) =>
        Events.LastOrDefault(entry => entry.Setup == setup && kinds.Contains(entry.Kind));

    internal bool Has(string setup, params string[] kinds) => First(setup, kinds) is not null;

    /// <summary>The old client was begun to be taken down, and not started again since.</summary>
    internal bool SourceIsGoing => SourceGoing(SourceGoes) is not null;

    /// <summary>
    /// The first of these events since the old side served last: a removal that was called off (something was
    /// undelivered) starts it again, and the outage before is not this one.
    /// </summary>
    internal JournalEvent? SourceGoing(params string[] kinds)
    {
        var served = Last(SourceName, SourceServesAgain)?.At ?? DateTimeOffset.MinValue;
        return Events.FirstOrDefault(entry => entry.Setup == SourceName && entry.At >= served && kinds.Contains(entry.Kind));
    }

    /// <summary>
    /// A restore request was sent to the new side and not refused for certain: the identity keys may be new ones.
    /// </summary>
    internal bool RestoreMayHaveBeenSent =>
        Last(DestinationName, JournalKinds.RestoreSending, JournalKinds.RestoreAnswered, JournalKinds.RestoreRefused, JournalKinds.RestoreFoundDone)
            is { } last && last.Kind != JournalKinds.RestoreRefused;

    /// <summary>The restore is known to be done.</summary>
    internal bool IsRestored => Has(DestinationName, JournalKinds.RestoreAnswered, JournalKinds.RestoreFoundDone);

    /// <summary>
    /// On copied databases the new client carries the registration with the very keys: once it may have been started, those
    /// of the old databases may be behind.
    /// </summary>
    internal bool CopyMayHaveServed => GuideSteps.MovesDatabases(Record.Option) && Has(DestinationName, JournalKinds.ClientStarting);

    /// <summary>
    /// A new client that carries the registration was started by somebody before its databases were proved: the old keys may be
    /// behind, and those databases are not to be carried back.
    /// </summary>
    internal bool StartedTooEarly => !CopyMayHaveServed && Has(DestinationName, JournalKinds.ClientStartedEarly);

    private static IReadOnlyList<string> Thumbprints(SetupRecord? setup, params JournalEvent?[] told)
    {
        var read = told.OfType<JournalEvent>().SelectMany(one => one.Values.TryGetValue("thumbprints", out var list) ? list.Split(',') : []);
        return [.. (setup?.CertificateThumbprints ?? []).Concat(read.Where(thumbprint => thumbprint.Length > 0)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}
