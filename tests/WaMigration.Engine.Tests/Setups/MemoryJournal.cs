namespace WaMigration.Engine.Tests.Setups;

/// <summary>A journal that a test can read, and fill with what an earlier run wrote.</summary>
internal sealed class MemoryJournal : IOperationJournal
{
    private readonly List<JournalEvent> events = [];

    public bool IsKept => true;

    public bool IsPlanned => false;

    internal IReadOnlyList<string> Kinds => [.. events.Select(entry => entry.Kind)];

    internal IReadOnlyList<JournalEvent> Events => events;

    public void Write(string kind, string setup, params (string Name, string Value)[] values) => Add(DateTimeOffset.UtcNow, kind, setup, values);

    public JournalEvent? Last(string kind, string setup) => events.FindLast(entry => entry.Kind == kind && entry.Setup == setup);

    internal void Add(DateTimeOffset at, string kind, string setup, params (string Name, string Value)[] values) =>
        events.Add(new JournalEvent(at, kind, setup, values.ToDictionary(value => value.Name, value => value.Value)));
}
