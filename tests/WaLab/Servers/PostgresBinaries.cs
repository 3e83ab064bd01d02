using System.Globalization;
using System.Text.RegularExpressions;

namespace WaLab.Servers;

/// <summary>Where PostgreSQL's programs are, and how they get onto a machine that has none.</summary>
/// <param name="Folder">The folder with initdb and postgres.</param>
/// <param name="LibraryPath">Extra folders for shared libraries where the programs were unpacked, else null.</param>
public sealed partial record PostgresBinaries(string Folder, string? LibraryPath)
{
    private const string Missing =
        "PostgreSQL is missing: install it (Debian: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql) so that initdb is on PATH.";

    /// <summary>The environment in which the programs run.</summary>
    internal IReadOnlyDictionary<string, string> ProcessEnvironment
    {
        get
        {
            var variables = new Dictionary<string, string> { ["LC_ALL"] = "C", ["TZ"] = "UTC" };
            if (LibraryPath is not null)
            {
                variables["LD_LIBRARY_PATH"] = LibraryPath;
            }

            return variables;
        }
    }

    /// <summary>Finds the programs; installs or unpacks them where that can be done, saying so.</summary>
    /// <exception cref="LabServerMissingException">They are not here and cannot be had.</exception>
    public static async Task<PostgresBinaries> EnsureAsync(Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (FindInstalled() is { } installed)
        {
            return installed;
        }

        if (!OperatingSystem.IsLinux() || LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException(Missing);
        }

        try
        {
            if (LabFolders.IsRoot)
            {
                log("PostgreSQL is missing: installing the package postgresql (apt-get).");
                await DebianPackages.InstallPostgresAsync(cancellationToken);
                return FindInstalled() ?? throw new LabServerMissingException(Missing);
            }

            var folder = Path.Combine(LabFolders.Cache, "postgresql");
            if (FindUnpacked(folder) is null)
            {
                log($"PostgreSQL is missing: unpacking its Debian packages into {folder}.");
            }

            return await EnsureUnpackedAsync(folder, cancellationToken);
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{Missing} ({failed.Message})", failed);
        }
    }

    /// <summary>The programs from Debian's packages below a folder of one's own; nothing of the system is changed.</summary>
    public static async Task<PostgresBinaries> EnsureUnpackedAsync(string folder, CancellationToken cancellationToken = default)
    {
        if (FindUnpacked(folder) is { } unpacked)
        {
            return unpacked;
        }

        await DebianPackages.UnpackAsync("postgresql", folder, cancellationToken);
        return FindUnpacked(folder) ?? throw new LabServerMissingException(Missing);
    }

    private static PostgresBinaries? FindInstalled()
    {
        if (FindNewest("/usr/lib/postgresql") is { } debian)
        {
            return new PostgresBinaries(debian, null);
        }

        var initdb = LabCommand.Find("initdb");
        return initdb is not null && File.Exists(Path.Combine(Path.GetDirectoryName(initdb)!, "postgres"))
            ? new PostgresBinaries(Path.GetDirectoryName(initdb)!, null)
            : null;
    }

    private static PostgresBinaries? FindUnpacked(string folder)
    {
        if (FindNewest(Path.Combine(folder, "usr/lib/postgresql")) is not { } programs)
        {
            return null;
        }

        // Debian keeps libraries in a folder named after the machine, such as x86_64-linux-gnu.
        var libraries = Directory.EnumerateDirectories(Path.Combine(folder, "usr/lib"), "*-linux-gnu*")
            .Prepend(Path.Combine(folder, "usr/lib"));
        return new PostgresBinaries(programs, string.Join(':', libraries));
    }

    private static string? FindNewest(string root) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root)
            .Where(folder => VersionPattern().IsMatch(Path.GetFileName(folder)))
            .OrderByDescending(folder => double.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
        : null;

    [GeneratedRegex(@"^\d+(\.\d+)?$")]
    private static partial Regex VersionPattern();
}
