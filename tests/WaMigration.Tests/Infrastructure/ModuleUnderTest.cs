namespace WaMigration.Tests.Infrastructure;

/// <summary>The built module, as it would be published: what is tested is what is shipped.</summary>
internal static class ModuleUnderTest
{
    /// <summary>The repository's root: the nearest folder above that holds the solution.</summary>
    internal static string RepositoryRoot { get; } = FindRoot();

    internal static string Folder => Path.Combine(RepositoryRoot, "out", "WaMigration");

    /// <summary>Path of the manifest to import.</summary>
    internal static string Manifest
    {
        get
        {
            var manifest = Path.Combine(Folder, "WaMigration.psd1");
            return File.Exists(manifest)
                ? manifest
                : throw new InvalidOperationException($"The module is not built ({manifest} is missing). Run ./build.ps1 Build first.");
        }
    }

    internal static string Runbook(string name) => Path.Combine(Folder, "Runbooks", name);

    /// <summary>The console host, built beside the tests.</summary>
    internal static string ShellAssembly => Path.Combine(AppContext.BaseDirectory, "WaMigration.Shell.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WaMigration.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not stand inside the repository.");
    }
}
