using System.Management.Automation;

namespace WaMigration.Shell;

/// <summary>The activities under way, each below the one that it is a part of, in the order in which they began.</summary>
internal sealed class ProgressTree
{
    private readonly List<Entry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Takes over what a record says.</summary>
    public void Apply(long sourceId, ProgressRecord record)
    {
        var index = _entries.FindIndex(e => e.Source == sourceId && e.Record.ActivityId == record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
        {
            if (index >= 0)
            {
                Remove(_entries[index]);
            }

            return;
        }

        // A copy: the script may go on with the same record while it is drawn.
        var entry = new Entry(sourceId, Copy(record));
        if (index >= 0)
        {
            _entries[index] = entry;
        }
        else
        {
            _entries.Add(entry);
        }
    }

    public void Clear() => _entries.Clear();

    /// <summary>The activities from the top down, with their depth.</summary>
    public IReadOnlyList<(ProgressRecord Record, int Depth)> Flatten()
    {
        var flat = new List<(ProgressRecord, int)>();
        foreach (var root in _entries.Where(e => ParentOf(e) is null))
        {
            Append(flat, root, depth: 0);
        }

        return flat;
    }

    private void Append(List<(ProgressRecord, int)> flat, Entry entry, int depth)
    {
        flat.Add((entry.Record, depth));
        foreach (var child in _entries.Where(e => ParentOf(e) == entry && depth < _entries.Count))
        {
            Append(flat, child, depth + 1);
        }
    }

    private void Remove(Entry entry)
    {
        foreach (var child in _entries.Where(e => ParentOf(e) == entry).ToList())
        {
            Remove(child);
        }

        _entries.Remove(entry);
    }

    private Entry? ParentOf(Entry entry) => entry.Record.ParentActivityId < 0
        ? null
        : _entries.Find(e => e.Source == entry.Source
            && e.Record.ActivityId == entry.Record.ParentActivityId
            && !ReferenceEquals(e, entry));

    private static ProgressRecord Copy(ProgressRecord record) =>
        new(record.ActivityId, record.Activity, record.StatusDescription)
        {
            ParentActivityId = record.ParentActivityId,
            PercentComplete = record.PercentComplete,
            SecondsRemaining = record.SecondsRemaining,
            CurrentOperation = record.CurrentOperation,
        };

    private sealed record Entry(long Source, ProgressRecord Record);
}
