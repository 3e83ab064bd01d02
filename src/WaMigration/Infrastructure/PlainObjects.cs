using System.Collections;
using System.Management.Automation;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>
/// PowerShell objects from the engine's dictionaries and lists, and the reverse, so that what is read can be changed
/// and handed back.
/// </summary>
internal static class PlainObjects
{
    internal static PSObject From(IReadOnlyDictionary<string, object?> bag)
    {
        var result = new PSObject();
        foreach (var entry in bag)
        {
            result.Properties.Add(new PSNoteProperty(entry.Key, From(entry.Value)));
        }

        return result;
    }

    /// <summary>From a hashtable, an ordered one, or an object with properties.</summary>
    internal static IReadOnlyDictionary<string, object?> ToBag(object value) =>
        ToPlain(value) as IReadOnlyDictionary<string, object?>
        ?? throw SettingsErrors.SettingsNotUsable.Error(value.GetType().Name, SettingsErrors.Phrase("NoObject"));

    private static object? From(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> bag => From(bag),
        IReadOnlyList<object?> list => list.Select(From).ToArray(),
        _ => value,
    };

    private static object? ToPlain(object? value)
    {
        var plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        return plain switch
        {
            null or string or bool or Uri or System.Security.SecureString => plain,
            IDictionary table => table.Cast<DictionaryEntry>().ToDictionary(entry => entry.Key.ToString()!, entry => ToPlain(entry.Value)),
            PSObject custom => custom.Properties.ToDictionary(property => property.Name, property => ToPlain(property.Value)),
            IEnumerable list => list.Cast<object?>().Select(ToPlain).ToList(),
            _ => plain,
        };
    }
}
