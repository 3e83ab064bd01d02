namespace WaMigration.Databases;

/// <summary>Texts of this area that are not errors of their own.</summary>
internal static class DatabaseText
{
    internal static readonly TextCatalog Catalog = new("WaMigration.Databases.DatabaseText");
}
