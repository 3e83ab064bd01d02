using System.Globalization;

namespace WaMigration.Migrations;

/// <summary>Whether a folder's migration is the one that is asked for.</summary>
internal static class MigrationIdentity
{
    private static TextCatalog Text => MigrationText.Catalog;

    /// <summary>What differs, in words; empty where it is the same migration. What is not known on one side does not count.</summary>
    internal static IReadOnlyList<string> Differences(MigrationRecord kept, MigrationRecord asked)
    {
        var differences = new List<string>();
        if (kept.Option != asked.Option)
        {
            differences.Add(Text.Format("DifferentOption", kept.Option, asked.Option));
        }

        if (kept.KeepsDatabases != asked.KeepsDatabases)
        {
            differences.Add(Text.Format("DifferentKeeping", kept.KeepsDatabases, asked.KeepsDatabases));
        }

        if (kept.Side != asked.Side)
        {
            differences.Add(Text.Format("DifferentSide", kept.Side, asked.Side));
        }

        if (kept.PhoneNumber is { } number && asked.PhoneNumber is { } askedNumber && number != askedNumber)
        {
            differences.Add(Text.Format("DifferentNumber", number, askedNumber));
        }

        Compare(nameof(MigrationRecord.Source), kept.Source, asked.Source, differences);
        Compare(nameof(MigrationRecord.Destination), kept.Destination, asked.Destination, differences);
        return differences;
    }

    private static void Compare(string side, SetupRecord? kept, SetupRecord? asked, List<string> differences)
    {
        if (kept is null || asked is null)
        {
            return;
        }

        Add("FieldName", kept.Name, asked.Name);
        Add("FieldApiUri", Address(kept.ApiUri), Address(asked.ApiUri));
        if (kept.DockerHosts.Count > 0 && asked.DockerHosts.Count > 0)
        {
            Add("FieldDockerHosts", Hosts(kept.DockerHosts), Hosts(asked.DockerHosts));
        }

        if (kept.Database is { } database && asked.Database is { } askedDatabase)
        {
            Add("FieldDatabase", Name(database), Name(askedDatabase));
        }

        void Add(string field, string value, string other)
        {
            if (!string.Equals(value, other, StringComparison.Ordinal))
            {
                differences.Add(Text.Format("DifferentSetup", side, Text[field], value, other));
            }
        }
    }

    private static string Address(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);

    private static string Hosts(IEnumerable<Uri> hosts) =>
        string.Join(", ", hosts.Select(host => host.ToString()).OrderBy(host => host, StringComparer.Ordinal));

    private static string Name(DatabaseRecord database) =>
        string.Format(CultureInfo.InvariantCulture, "{0}:{1}/{2}", database.Server, database.Port, database.NamePrefix);
}
