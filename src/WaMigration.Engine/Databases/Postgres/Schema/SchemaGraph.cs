using System.Globalization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Schema;

/// <summary>
/// Objects and what each needs. Sorted so that each comes after what it needs, and else by kind and name, so that the
/// same database always gives the same order. What needs something of a later phase moves into that phase.
/// </summary>
internal sealed class SchemaGraph
{
    private readonly Dictionary<string, SchemaObject> objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> parts = new(StringComparer.Ordinal);
    private readonly List<(string Key, string Needed)> needs = [];
    private readonly Dictionary<string, int> kinds = new(StringComparer.Ordinal);

    internal static string Key(string catalog, uint oid) => catalog + ":" + oid.ToString(CultureInfo.InvariantCulture);

    internal void Add(string key, SchemaObject item)
    {
        objects[key] = item;
        if (!kinds.ContainsKey(item.Kind))
        {
            kinds.Add(item.Kind, kinds.Count);
        }
    }

    internal void AddPart(string part, string whole) => parts[part] = whole;

    internal void AddNeed(string key, string needed) => needs.Add((key, needed));

    internal bool Has(string key) => Resolve(key) is not null;

    /// <summary>The objects in order, and the names of those that cannot be made where they have to be.</summary>
    internal (IReadOnlyList<SchemaObject> Objects, IReadOnlyList<string> Misplaced) Sort()
    {
        var waiting = objects.Keys.ToDictionary(key => key, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        var wanted = objects.Keys.ToDictionary(key => key, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var (key, needed) in needs)
        {
            if (Resolve(key) is { } from && Resolve(needed) is { } to && from != to && waiting[from].Add(to))
            {
                wanted[to].Add(from);
            }
        }

        foreach (var refresh in objects.Keys.Where(key => key.StartsWith("refresh:", StringComparison.Ordinal)))
        {
            var view = "pg_class:" + refresh.Substring("refresh:".Length);
            if (waiting[refresh].Add(view))
            {
                wanted[view].Add(refresh);
            }
        }

        var order = Comparer<string>.Create((one, other) =>
        {
            var byKind = kinds[objects[one].Kind].CompareTo(kinds[objects[other].Kind]);
            var byName = byKind != 0 ? byKind : string.CompareOrdinal(objects[one].Name, objects[other].Name);
            return byName != 0 ? byName : string.CompareOrdinal(one, other);
        });
        var all = waiting.ToDictionary(entry => entry.Key, entry => entry.Value.ToList(), StringComparer.Ordinal);
        var ready = new SortedSet<string>(waiting.Where(entry => entry.Value.Count == 0).Select(entry => entry.Key), order);
        var sorted = new List<SchemaObject>(objects.Count);
        var phases = new Dictionary<string, SchemaPhase>(StringComparer.Ordinal);
        var misplaced = new List<string>();
        while (ready.Count > 0)
        {
            var key = ready.Min!;
            ready.Remove(key);
            var item = Place(key, all, phases, misplaced);
            places[key] = sorted.Count;
            sorted.Add(item);
            foreach (var next in wanted[key].Where(next => waiting[next].Remove(key) && waiting[next].Count == 0))
            {
                ready.Add(next);
            }
        }

        misplaced.AddRange(waiting.Where(entry => entry.Value.Count > 0).Select(entry => DatabaseText.Catalog.Format("NotCarriedCircle", objects[entry.Key].Key)));
        return (Views(sorted), misplaced);
    }

    /// <summary>What materialized views hold is computed in the order in which the views can be made.</summary>
    private SchemaObject[] Views(List<SchemaObject> sorted)
    {
        var contents = objects
            .Where(entry => entry.Key.StartsWith("refresh:", StringComparison.Ordinal) && places.ContainsKey("pg_class:" + entry.Key.Substring("refresh:".Length)))
            .OrderBy(entry => places["pg_class:" + entry.Key.Substring("refresh:".Length)])
            .Select(entry => entry.Value)
            .ToList();
        return
        [
            .. sorted.Where(item => item.Phase != SchemaPhase.Last),
            .. contents,
            .. sorted.Where(item => item.Phase == SchemaPhase.Last && item.Kind != "view content").OrderBy(item => kinds[item.Kind]),
        ];
    }

    private SchemaObject Place(string key, Dictionary<string, List<string>> all, Dictionary<string, SchemaPhase> phases, List<string> misplaced)
    {
        var item = objects[key];
        var phase = item.Phase;
        foreach (var to in all[key])
        {
            if (phases.TryGetValue(to, out var there) && there > phase)
            {
                // An index that only waits for its own table is there before anything of the phase after.
                phase = there == SchemaPhase.Index ? SchemaPhase.After : there;
            }
        }

        if (phase == SchemaPhase.Index && item.Table is null)
        {
            phase = SchemaPhase.After;
        }

        if (phase != item.Phase && item.Kind is "table" or "sequence")
        {
            misplaced.Add(DatabaseText.Catalog.Format("NotCarriedLate", item.Key));
        }

        phases[key] = phase;
        return phase == item.Phase ? item : item with { Phase = phase };
    }

    private string? Resolve(string key)
    {
        for (var depth = 0; depth < 8; depth++)
        {
            if (objects.ContainsKey(key))
            {
                return key;
            }

            if (!parts.TryGetValue(key, out var whole))
            {
                return null;
            }

            key = whole;
        }

        return null;
    }
}
