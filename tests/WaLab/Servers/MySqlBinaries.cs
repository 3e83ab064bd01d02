namespace WaLab.Servers;

/// <summary>
/// MySQL's own server, which Debian has in its unstable suite alone. Its packages lie unpacked with their C library in a
/// folder of their own, and run by the loader there: nothing of this machine's is mixed with them.
/// </summary>
/// <param name="Root">The folder that the packages were unpacked in.</param>
public sealed record MySqlBinaries(string Root)
{
    private const string Packages = "mysql-server-core mysql-client-core";
    private const string Missing = "MySQL's server is missing and could not be unpacked from Debian's unstable suite.";

    private string Libraries => Directory.EnumerateDirectories(Path.Combine(Root, "usr/lib"), "*-linux-gnu*").First();

    /// <summary>The server's own folder.</summary>
    internal string Base => Path.Combine(Root, "usr");

    /// <summary>The environment in which the programs run.</summary>
    internal static IReadOnlyDictionary<string, string> ProcessEnvironment { get; } = new Dictionary<string, string> { ["LC_ALL"] = "C", ["TZ"] = "UTC" };

    /// <summary>The command that runs one of the programs, such as sbin/mysqld or bin/mysqldump.</summary>
    public IReadOnlyList<string> Command(string program) =>
    [
        Directory.EnumerateFiles(Libraries, "ld-linux*.so.*").First(), "--library-path", string.Join(':', Directory.EnumerateDirectories(Libraries, "*", SearchOption.TopDirectoryOnly).Where(folder => Path.GetFileName(folder) is "mysql" or "private").Append(Libraries)),
        Path.Combine(Base, program),
    ];

    /// <summary>Finds the programs; unpacks them where that can be done, saying so.</summary>
    /// <exception cref="LabServerMissingException">They are not here and cannot be had.</exception>
    public static async Task<MySqlBinaries> EnsureAsync(Action<string> log, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (!OperatingSystem.IsLinux() || LabCommand.Find("apt-get") is null)
        {
            throw new LabServerMissingException(Missing);
        }

        var folder = Path.Combine(LabFolders.Programs, "mysql");
        await using var once = await LabLock.TakeAsync("mysql", cancellationToken);
        try
        {
            if (!File.Exists(Path.Combine(folder, "usr/sbin/mysqld")))
            {
                log($"MySQL is missing: unpacking its Debian packages (unstable) into {folder}.");
                await DebianPackages.UnpackUnstableAsync(Packages, folder, cancellationToken);
            }

            return new MySqlBinaries(folder);
        }
        catch (InvalidOperationException failed)
        {
            throw new LabServerMissingException($"{Missing} ({failed.Message})", failed);
        }
    }

    /// <summary>Puts programs into a folder under their own names, for whoever looks for them by folder.</summary>
    public void Publish(string folder, params IEnumerable<string> programs)
    {
        Directory.CreateDirectory(folder);
        foreach (var program in programs)
        {
            var file = Path.Combine(folder, Path.GetFileName(program));
            File.WriteAllText(file, "#!/bin/sh\nexec " + string.Join(' ', Command(program).Select(part => "'" + part + "'")) + " \"$@\"\n");
            LabFolders.SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What the server says of its version.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken = default)
    {
        var command = Command("sbin/mysqld");
        return (await LabCommand.RunAsync(command[0], [.. command.Skip(1), "--no-defaults", "--version"], ProcessEnvironment, "/", cancellationToken)).Trim();
    }
}
