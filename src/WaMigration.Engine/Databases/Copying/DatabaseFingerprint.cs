using System.Text;
using WaMigration.Security;

namespace WaMigration.Databases.Copying;

/// <summary>Compares what databases are made of.</summary>
internal static class DatabaseFingerprint
{
    /// <summary>One text for all objects of a database.</summary>
    internal static string Of(DatabaseModel model) => Sha256.Hex(Encoding.UTF8.GetBytes(string.Join(
        "\n",
        model.Objects.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => item.Key + "\n" + string.Join("\n", item.Statements)))));

    /// <summary>The objects that differ: missing, surplus, or made otherwise.</summary>
    internal static IReadOnlyList<string> Differences(DatabaseModel source, DatabaseModel target)
    {
        var there = target.Objects.ToDictionary(item => item.Key, StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (var item in source.Objects)
        {
            if (!there.TryGetValue(item.Key, out var other))
            {
                differences.Add(DatabaseText.Catalog.Format("ObjectMissing", item.Key));
            }
            else if (!item.IsMadeLike(other))
            {
                var place = item.Statements.Zip(other.Statements, (one, two) => (one, two)).FirstOrDefault(pair => pair.one != pair.two);
                differences.Add(DatabaseText.Catalog.Format("ObjectDiffers", item.Key, (place.one ?? string.Join("; ", item.Statements)).Shorten(400), (place.two ?? string.Join("; ", other.Statements)).Shorten(400)));
            }
        }

        var wanted = new HashSet<string>(source.Objects.Select(item => item.Key), StringComparer.Ordinal);
        differences.AddRange(target.Objects.Where(item => !wanted.Contains(item.Key)).Select(item => DatabaseText.Catalog.Format("ObjectSurplus", item.Key)));
        differences.AddRange(source.Properties.Where(property => target.Properties.TryGetValue(property.Key, out var other) && other != property.Value).Select(property => DatabaseText.Catalog.Format("PropertyDiffers", property.Key, property.Value, target.Properties[property.Key])));
        differences.AddRange(source.Settings.Except(target.Settings).Select(setting => DatabaseText.Catalog.Format("ObjectMissing", setting)));
        differences.AddRange(target.Settings.Except(source.Settings).Select(setting => DatabaseText.Catalog.Format("ObjectSurplus", setting)));
        return differences;
    }
}
