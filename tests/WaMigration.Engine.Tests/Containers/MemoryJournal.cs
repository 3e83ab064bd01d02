namespace WaMigration.Engine.Tests.Containers;

/// <summary>A journal that is kept as long as the test.</summary>
internal sealed class MemoryJournal : IOperationJournal
{
    private readonly List<JournalEvent> events = [];

    public bool IsKept => true;

    public bool IsPlanned => false;

    internal IReadOnlyList<string> Kinds => [.. events.Select(entry => entry.Kind)];

    public void Write(string kind, string setup, params (string Name, string Value)[] values) =>
        events.Add(new JournalEvent(DateTimeOffset.UtcNow, kind, setup, values.ToDictionary(value => value.Name, value => value.Value)));

    public JournalEvent? Last(string kind, string setup) => events.LastOrDefault(entry => entry.Kind == kind && entry.Setup == setup);
}
