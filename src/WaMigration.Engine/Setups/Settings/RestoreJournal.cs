namespace WaMigration.Setups.Settings;

/// <summary>What the journal says of restores onto one setup.</summary>
internal sealed class RestoreJournal
{
    private const string Hash = "sha256";
    private const string WasRegistered = "wasRegistered";
    private readonly WaSetup setup;

    internal RestoreJournal(WaSetup setup) => this.setup = setup;

    private JournalEvent? Sending => setup.Journal.Last(JournalKinds.RestoreSending, setup.Name);

    private JournalEvent? Concluded => new[] { JournalKinds.RestoreAnswered, JournalKinds.RestoreFoundDone, JournalKinds.RestoreRefused }
        .Select(kind => setup.Journal.Last(kind, setup.Name))
        .Where(entry => entry is not null)
        .OrderByDescending(entry => entry!.At)
        .FirstOrDefault();

    /// <summary>A request was about to be sent, and nothing says how it ended.</summary>
    internal JournalEvent? Open => Sending is { } sending && (Concluded is not { } end || end.At < sending.At) ? sending : null;

    /// <summary>The last restore was of this very file, and was done.</summary>
    internal JournalEvent? DoneWith(string sha256) =>
        Open is null
        && Concluded is { } end
        && end.Kind != JournalKinds.RestoreRefused
        && end.Values.TryGetValue(Hash, out var done)
        && done == sha256
            ? end
            : null;

    /// <summary>The last restore went onto a registered client, whose application stopped with it, and was not restarted since.</summary>
    internal bool AwaitsRestart =>
        Sending is { } sending
        && WasOntoRegistered(sending)
        && (setup.Journal.Last(JournalKinds.CoreappsRestarted, setup.Name) is not { } restarted || restarted.At < sending.At);

    internal static bool WasOntoRegistered(JournalEvent sending) => sending.Values.TryGetValue(WasRegistered, out var was) && was == bool.TrueString;

    internal void WriteSending(WaSettingsBackup backup, bool ontoRegistered) => setup.Journal.Write(
        JournalKinds.RestoreSending,
        setup.Name,
        ("path", backup.Path),
        (Hash, backup.Sha256),
        ("phoneNumber", backup.PhoneNumber),
        (WasRegistered, ontoRegistered ? bool.TrueString : bool.FalseString));

    internal void Write(string kind, WaSettingsBackup backup) => setup.Journal.Write(kind, setup.Name, (Hash, backup.Sha256));

    internal void WriteRefused(WaSettingsBackup backup, string reason) =>
        setup.Journal.Write(JournalKinds.RestoreRefused, setup.Name, (Hash, backup.Sha256), ("reason", reason));
}
