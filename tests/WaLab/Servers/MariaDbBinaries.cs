namespace WaLab.Servers;

/// <summary>Where MariaDB's server is, and how it gets onto a machine that has none.</summary>
/// <param name="Root">The folder with sbin and share.</param>
/// <param name="LibraryPath">Extra folders for shared libraries where the programs were unpacked, else null.</param>
public sealed record MariaDbBinaries(string Root, string? LibraryPath)
{
    // The programs alone: the full package would make a data folder, an account and a service of its own.
    private const string Packages = "mariadb-server-core mariadb-client-core";

    private const string Missing =
        "MariaDB is missing: install its server (Debian: apt-get install mariadb-server-core mariadb-client-core; Fedora: dnf install mariadb-server).";

    private static readonly string[] LibraryFolders = ["usr/lib", "lib"];

    /// <summary>The server's program.</summary>
    internal string Server => Path.Combine(Root, "sbin/mariadbd");

    /// <summary>Makes a data folder.</summary>
    internal string Installer => Path.Combine(Root, "bin/mariadb-install-db");

    /// <summary>Messages and system tables.</summary>
    internal string Share => Path.Combine(Root, Directory.Exists(Path.Combine(Root, "share/mysql")) ? "share/mysql" : "share/mariadb");

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
    public static async Task<MariaDbBinaries> EnsureAsync(Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (Find("/usr", null) is { } installed)
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
                log($"MariaDB is missing: installing {Packages} (apt-get).");
                await DebianPackages.InstallAsync(Packages, cancellationToken);
                return Find("/usr", null) ?? throw new LabServerMissingException(Missing);
            }

            return await EnsureUnpackedAsync(Path.Combine(LabFolders.Cache, "mariadb"), log, cancellationToken);
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{Missing} ({failed.Message})", failed);
        }
    }

    /// <summary>The programs from Debian's packages below a folder of one's own; nothing of the system is changed.</summary>
    public static async Task<MariaDbBinaries> EnsureUnpackedAsync(
        string folder, Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        await using var once = await LabLock.TakeAsync("mariadb", cancellationToken);
        if (!Directory.Exists(folder))
        {
            log($"MariaDB is missing: unpacking its Debian packages into {folder}.");
            await DebianPackages.UnpackAsync(Packages, folder, cancellationToken);
        }

        // Debian keeps libraries in a folder named after the machine, such as x86_64-linux-gnu.
        var libraries = LibraryFolders.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
            .SelectMany(parent => Directory.EnumerateDirectories(parent, "*-linux-gnu*").Append(parent));
        return Find(Path.Combine(folder, "usr"), string.Join(':', libraries)) ?? throw new LabServerMissingException(Missing);
    }

    private static MariaDbBinaries? Find(string root, string? libraryPath)
    {
        var found = new MariaDbBinaries(root, libraryPath);
        return File.Exists(found.Server) && File.Exists(found.Installer) && File.Exists(Path.Combine(root, "bin/my_print_defaults"))
            ? found
            : null;
    }
}
