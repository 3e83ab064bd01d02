using WaMigration.Databases;

namespace WaMigration.Commands;

/// <summary>What is said before databases are changed.</summary>
internal static class DatabaseActions
{
    internal static string Copy(WaDatabaseServer source, bool update) =>
        DatabaseText.Catalog.Format(update ? "UpdateWhat" : "CopyWhat", source);

    internal static string Export(WaDatabaseServer source) => DatabaseText.Catalog.Format("ExportWhat", source);

    internal static string Import(string path) => DatabaseText.Catalog.Format("ImportWhat", path);
}
