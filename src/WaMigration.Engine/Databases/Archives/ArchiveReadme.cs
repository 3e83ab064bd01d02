using System.Globalization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Archives;

/// <summary>What stands in README.txt: how somebody who has the engine's own client alone restores an archive.</summary>
internal static class ArchiveReadme
{
    internal const string Name = "README.txt";

    internal static string Of(ServerFacts server, DateTimeOffset taken, IReadOnlyList<ArchiveDatabase> databases)
    {
        var list = string.Join("\n", databases.Select(database => "  " + database.Folder + "  " + database.Model.Name.Replace("\n", " ") + " (" + string.Join(", ", database.Model.Properties.Select(property => property.Key + " " + property.Value.Replace("\n", " "))) + ")"));
        return DatabaseText.Catalog.Format(
            server.Engine == WaDatabaseEngine.PostgreSql ? "ReadmePostgres" : "ReadmeMySql",
            server.Engine + " " + server.Version,
            taken.ToString("u", CultureInfo.InvariantCulture),
            list,
            server.Engine == WaDatabaseEngine.MariaDb ? "mariadb" : "mysql").Replace("\r\n", "\n");
    }
}
