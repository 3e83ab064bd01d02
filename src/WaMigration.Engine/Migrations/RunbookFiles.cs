namespace WaMigration.Migrations;

/// <summary>Finds and copies the runbooks of the module's folder.</summary>
internal static class RunbookFiles
{
    private const string Extension = ".ps1";
    private const string SynopsisMark = ".SYNOPSIS";

    /// <summary>The options by the words in the file names.</summary>
    private static readonly Dictionary<string, int> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Invoke-WaSettingsMigration"] = 1,
        ["Invoke-WaMessageMigration"] = 2,
        ["Invoke-WaFullMigration"] = 3,
    };

    internal static IReadOnlyList<WaRunbook> List(string folder) =>
    [
        .. Directory.GetFiles(folder, "*" + Extension)
            .OrderBy(path => path, StringComparer.OrdinalIgnoreCase)
            .Select(path => Describe(Path.GetFileNameWithoutExtension(path), path)),
    ];

    /// <summary>Copies one; a file that is there stays unless it may be overwritten.</summary>
    internal static WaRunbook Copy(WaRunbook runbook, string folder, bool force, Operation operation)
    {
        var target = Path.Combine(folder, Path.GetFileName(runbook.Path));
        if (File.Exists(target) && !force)
        {
            throw MigrationErrors.RunbookExists.Error(target);
        }

        if (operation.May(target, MigrationText.Catalog["CopyRunbook"]))
        {
            Directory.CreateDirectory(folder);
            File.Copy(runbook.Path, target, overwrite: true);
        }

        return runbook with { Path = target };
    }

    private static WaRunbook Describe(string name, string path) =>
        new(name, Options.TryGetValue(name, out var option) ? option : null, Synopsis(path), path);

    private static string Synopsis(string path) =>
        File.ReadLines(path)
            .SkipWhile(line => !line.TrimStart().StartsWith(SynopsisMark, StringComparison.OrdinalIgnoreCase))
            .Skip(1)
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Length > 0) ?? string.Empty;
}
