namespace WaMigration.Benchmarks;

/// <summary>The module in out/, as it is published.</summary>
internal static class BuiltModule
{
    internal static string Folder { get; } = Find();

    internal static string Manifest => Path.Combine(Folder, "WaMigration.psd1");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WaMigration.sln")))
            {
                var module = Path.Combine(folder.FullName, "out", "WaMigration");
                return File.Exists(Path.Combine(module, "WaMigration.psd1"))
                    ? module
                    : throw new InvalidOperationException("The module is not built. Run ./build.ps1 Build first.");
            }
        }

        throw new InvalidOperationException("The benchmarks do not stand inside the repository.");
    }
}
