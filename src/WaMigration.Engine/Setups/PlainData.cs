using System.Collections;
using System.Globalization;
using System.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using WaMigration.Security;

namespace WaMigration.Setups;

/// <summary>
/// JSON as dictionaries, lists and plain values and back. The cmdlet assembly sees only these: the JSON library stays
/// inside the private load context.
/// </summary>
internal static class PlainData
{
    internal static IReadOnlyDictionary<string, object?> From(JsonObject json)
    {
        // Keeps the client's own order of names.
        var plain = new OrderedBag();
        foreach (var property in json)
        {
            plain.Add(property.Key, From(property.Value));
        }

        return plain;
    }

    internal static object? From(JsonNode? node) => node switch
    {
        null => null,
        JsonObject json => From(json),
        JsonArray list => list.Select(From).ToList(),
        _ => From(node.AsValue()),
    };

    /// <summary>Dictionaries, sequences and plain values as JSON.</summary>
    /// <exception cref="WaException">Something that is none of these.</exception>
    internal static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        SecureString secret => JsonValue.Create(secret.Reveal()),
        int or long or short or byte => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double or float or decimal => JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        Uri uri => JsonValue.Create(uri.OriginalString),
        IReadOnlyDictionary<string, object?> bag => ToJson(bag.Select(entry => (entry.Key, entry.Value))),
        IDictionary table => ToJson(table.Cast<DictionaryEntry>().Select(entry => (Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, (object?)entry.Value))),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(ToJson)]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    /// <summary>The same where an object is wanted.</summary>
    internal static JsonObject ToObject(IReadOnlyDictionary<string, object?> bag) => (JsonObject)ToJson(bag)!;

    private static JsonObject ToJson(IEnumerable<(string Name, object? Value)> entries)
    {
        var json = new JsonObject();
        foreach (var (name, value) in entries)
        {
            json[name] = ToJson(value);
        }

        return json;
    }

    private static object? From(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number when value.TryGetValue<int>(out var small) => small,
        JsonValueKind.Number when value.TryGetValue<long>(out var number) => number,
        JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A dictionary that gives its entries in the order in which they came.</summary>
    private sealed class OrderedBag : IReadOnlyDictionary<string, object?>
    {
        private readonly List<KeyValuePair<string, object?>> entries = [];

        public int Count => entries.Count;

        public IEnumerable<string> Keys => entries.Select(entry => entry.Key);

        public IEnumerable<object?> Values => entries.Select(entry => entry.Value);

        public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

        public void Add(string key, object? value) => entries.Add(new KeyValuePair<string, object?>(key, value));

        public bool ContainsKey(string key) => entries.Exists(entry => entry.Key == key);

        public bool TryGetValue(string key, out object? value)
        {
            var at = entries.FindIndex(entry => entry.Key == key);
            value = at < 0 ? null : entries[at].Value;
            return at >= 0;
        }

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => entries.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
