using System.Globalization;

namespace WaLab.Servers;

/// <summary>Where the lab keeps things: a cache that survives, and a runtime folder whose entries name their owner.</summary>
internal static class LabFolders
{
    /// <summary>Unpacked server programs and database templates, kept between runs.</summary>
    public static string Cache
    {
        get
        {
            var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(root))
            {
                var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
                root = Path.Combine(string.IsNullOrEmpty(home) ? Path.GetTempPath() : home, ".cache");
            }

            return Directory.CreateDirectory(Path.Combine(root, "wamigration")).FullName;
        }
    }

    /// <summary>
    /// Programs that were unpacked. As root they lie where the users that servers run as get to; root's own home is closed.
    /// </summary>
    public static string Programs => IsRoot ? Directory.CreateDirectory("/var/cache/wamigration").FullName : Cache;

    /// <summary>
    /// Folders of running servers and labs. Short, because unix sockets live in it (their paths end at 107 bytes), and
    /// passable, because as root the servers run as another user. <c>WA_LAB_RUNTIME</c> names another one.
    /// </summary>
    public static string Runtime
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("WA_LAB_RUNTIME");
            if (string.IsNullOrEmpty(folder))
            {
                var name = "walab-" + UserId.ToString(CultureInfo.InvariantCulture);
                folder = Path.Combine(Path.GetTempPath(), name);
                if (folder.Length > 50)
                {
                    folder = Path.Combine("/tmp", name);
                }
            }

            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                SetMode(folder, Passable);
            }

            return folder;
        }
    }

    /// <summary>For the owner alone, but others may pass through to what they own inside.</summary>
    public const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Sets the mode where there are modes.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>A new folder of this process: kind, process id, and something random.</summary>
    public static string CreateRuntime(string kind)
    {
        var suffix = Guid.NewGuid().ToString("N")[..6];
        return Directory.CreateDirectory(
            Path.Combine(Runtime, string.Create(CultureInfo.InvariantCulture, $"{kind}-{Environment.ProcessId}-{suffix}"))).FullName;
    }

    /// <summary>Folders of that kind whose process is gone: left behind by a power cut or a killed watchdog.</summary>
    public static IEnumerable<string> Abandoned(string kind)
    {
        foreach (var folder in Directory.EnumerateDirectories(Runtime, kind + "-*"))
        {
            var parts = Path.GetFileName(folder).Split('-');
            if (parts.Length == 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
                && !Directory.Exists("/proc/" + parts[1])
                && owner != Environment.ProcessId)
            {
                yield return folder;
            }
        }
    }

    /// <summary>The numeric user id; 0 is root. Read without native code, so that the lab stays portable.</summary>
    public static int UserId { get; } = ReadUserId();

    public static bool IsRoot => UserId == 0;

    private static int ReadUserId()
    {
        const string status = "/proc/self/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith("Uid:", StringComparison.Ordinal)) : null;
        return line is null
            ? -1
            : int.Parse(line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
