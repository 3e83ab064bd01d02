namespace WaMigration.Migrations;

/// <summary>The texts of a migration's record that are no errors.</summary>
internal static class MigrationText
{
    internal static readonly TextCatalog Catalog = new("WaMigration.Migrations.MigrationText");
}
