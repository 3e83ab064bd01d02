using System.Runtime.InteropServices;

namespace WaMigration.Databases.Utilities;

/// <summary>A program of a database engine on this machine.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Version">What it says of its version.</param>
internal sealed record UtilityProgram(string Path, string Version)
{
    internal string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>
    /// The first of these names that is there and is a program of that engine: MariaDB's programs are called mysql and
    /// mysqldump, too, on many machines.
    /// </summary>
    internal static async Task<UtilityProgram> FindAsync(WaDatabaseEngine engine, IReadOnlyList<string> names, string? folder, CancellationToken cancellation)
    {
        var tried = new List<string>();
        foreach (var path in names.SelectMany(name => Candidates(name, folder)))
        {
            if (!File.Exists(path))
            {
                tried.Add(path);
                continue;
            }

            var version = await VersionAsync(path, cancellation).ConfigureAwait(false);
            if (engine == WaDatabaseEngine.PostgreSql || version.Has("MariaDB") == (engine == WaDatabaseEngine.MariaDb))
            {
                return new UtilityProgram(path, version);
            }

            tried.Add(DatabaseText.Catalog.Format("UtilityOther", path, engine, version));
        }

        throw UtilityErrors.UtilityMissing.Error(string.Join(" / ", names), null, tried, folder ?? "PATH");
    }

    private static IEnumerable<string> Candidates(string name, string? folder)
    {
        var file = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? name + ".exe" : name;
        var folders = folder is not null ? [folder] : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split([System.IO.Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(one => System.IO.Path.Combine(one, file));
    }

    private static async Task<string> VersionAsync(string path, CancellationToken cancellation)
    {
        var text = new MemoryStream();
        using var process = UtilityProcess.Start(new UtilityCall(path, ["--version"], new Dictionary<string, string>()), path);
        await process.ReadAsync(
            (block, count) =>
            {
                text.Write(block, 0, count);
                return Task.CompletedTask;
            },
            cancellation).ConfigureAwait(false);
        await process.EndAsync(cancellation).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Trim();
    }
}
