namespace WaMigration.Migrations;

/// <summary>Reads where a migration stands, and looks at the setups where they are given.</summary>
internal static class MigrationReader
{
    internal static Task<WaMigration> ReadAsync(string path, WaSetup? source, WaSetup? destination, Operation operation)
    {
        var picture = MigrationFolder.Read(path, operation);
        return Task.FromResult(new WaMigration(picture));
    }
}
