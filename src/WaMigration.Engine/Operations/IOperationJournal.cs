namespace WaMigration;

/// <summary>
/// Where operations on a setup write down what they are about to do and did, so that a migration that was cut off
/// knows it. Written before the deed and synced to disk; never a secret. Setups outside a migration have a journal
/// that keeps nothing.
/// </summary>
internal interface IOperationJournal
{
    /// <summary>True where what is written is kept (a migration is open).</summary>
    bool IsKept { get; }

    /// <summary>True where a migration is only planned: its folder may not be there yet.</summary>
    bool IsPlanned { get; }

    /// <summary>Writes and syncs one event, e.g. <c>restore.sending</c>, with values that hold no secret.</summary>
    void Write(string kind, string setup, params (string Name, string Value)[] values);

    /// <summary>The last event of that kind for that setup; null where there is none.</summary>
    JournalEvent? Last(string kind, string setup);
}

/// <summary>One line of a journal.</summary>
internal sealed record JournalEvent(DateTimeOffset At, string Kind, string Setup, IReadOnlyDictionary<string, string> Values);

/// <summary>Outside a migration.</summary>
internal sealed class NoJournal : IOperationJournal
{
    public bool IsKept => false;

    public bool IsPlanned => false;

    public void Write(string kind, string setup, params (string Name, string Value)[] values)
    {
        // Nothing is kept outside a migration, by definition of this class.
    }

    public JournalEvent? Last(string kind, string setup) => null;
}
