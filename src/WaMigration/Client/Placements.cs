using System.Collections;
using System.Globalization;
using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>Placements as a person writes them: a hashtable a Docker host.</summary>
internal static class Placements
{
    private static readonly string[] Known =
    [
        nameof(HostPlacement.DockerHost), nameof(HostPlacement.HostName), nameof(HostPlacement.Masters), nameof(HostPlacement.Coreapps), nameof(HostPlacement.Webapps),
    ];

    /// <exception cref="WaException">PlacementImpossible.</exception>
    internal static IReadOnlyList<HostPlacement> Read(string setup, Hashtable[]? given) => (given ?? []).Select(one => Read(setup, one)).ToArray();

    private static HostPlacement Read(string setup, Hashtable given)
    {
        var values = given.Cast<DictionaryEntry>().ToDictionary(entry => entry.Key.ToString()!, entry => (object?)entry.Value, StringComparer.OrdinalIgnoreCase);
        if (values.Keys.FirstOrDefault(key => !Known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } stranger)
        {
            throw ClientErrors.PlacementImpossible.Error(setup, ContainerText.Catalog.Format("PlacementKey", stranger, string.Join(", ", Known)));
        }

        var host = values.TryGetValue(nameof(HostPlacement.DockerHost), out var address) ? Convert<Uri>(address) : null;
        return new HostPlacement(host ?? throw ClientErrors.PlacementImpossible.Error(setup, ContainerText.Catalog["PlacementNoHost"]))
        {
            HostName = values.TryGetValue(nameof(HostPlacement.HostName), out var name) ? Convert<string>(name) : null,
            Masters = Number(setup, values, nameof(HostPlacement.Masters)),
            Coreapps = Number(setup, values, nameof(HostPlacement.Coreapps)),
            Webapps = Number(setup, values, nameof(HostPlacement.Webapps)),
        };
    }

    private static int Number(string setup, Dictionary<string, object?> values, string name)
    {
        if (!values.TryGetValue(name, out var value))
        {
            return 1;
        }

        return LanguagePrimitives.TryConvertTo<int>(value, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw ClientErrors.PlacementImpossible.Error(setup, ContainerText.Catalog.Format("PlacementNumber", name, value ?? string.Empty));
    }

    private static T Convert<T>(object? value) => (T)LanguagePrimitives.ConvertTo(value, typeof(T), CultureInfo.InvariantCulture);
}
