namespace WaLab.Servers;

/// <summary>pgcopydb, the other program that copies PostgreSQL databases in parallel, from Debian's package.</summary>
public static class PgCopyDb
{
    /// <summary>The program, and the libraries that came with it; unpacked once a machine. Null where there is no apt-get.</summary>
    public static async Task<(string Program, string Libraries)?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (LabCommand.Find("apt-get") is null)
        {
            return null;
        }

        var folder = Path.Combine(LabFolders.Cache, "pgcopydb");
        await using (await LabLock.TakeAsync("pgcopydb", cancellationToken))
        {
            if (!Directory.Exists(folder))
            {
                await DebianPackages.UnpackAsync("pgcopydb", folder, cancellationToken);
            }
        }

        var libraries = Directory.EnumerateFiles(folder, "*.so*", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).Distinct();
        return (Directory.EnumerateFiles(folder, "pgcopydb", SearchOption.AllDirectories).First(file => file.Contains("/bin/", StringComparison.Ordinal)), string.Join(':', libraries));
    }
}
