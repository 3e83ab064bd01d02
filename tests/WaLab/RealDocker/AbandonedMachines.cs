using System.Diagnostics;
using System.Globalization;
using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>Removes networks and Docker hosts whose owner and watchdog were both killed.</summary>
internal static class AbandonedMachines
{
    /// <summary>In a network's folder: the bridge's name.</summary>
    public const string BridgeFile = "bridge";

    /// <summary>In a machine's folder: the id of its first process as this machine sees it.</summary>
    public const string ProcessFile = "pid";

    /// <summary>In a machine's folder: its control group.</summary>
    public const string GroupFile = "cgroup";

    public static async Task RemoveAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in LabFolders.Abandoned("dk"))
        {
            EndProcessOf(folder);
            if (Read(folder, GroupFile) is { } group)
            {
                await LabCommand.RunAsync("sh", ["-c", LabMachine.RemoveGroups, "sh", group], cancellationToken: cancellationToken);
            }

            Remove(folder);
        }

        foreach (var folder in LabFolders.Abandoned("net"))
        {
            if (Read(folder, BridgeFile) is { } bridge && Directory.Exists("/sys/class/net/" + bridge))
            {
                await LabCommand.RunAsync("sh", ["-c", "ip link del \"$1\" 2>/dev/null || true", "sh", bridge], cancellationToken: cancellationToken);
            }

            Remove(folder);
        }
    }

    private static void EndProcessOf(string folder)
    {
        if (!int.TryParse(Read(folder, ProcessFile), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        // The number may belong to another process by now: only one that runs on this very folder is ours.
        var commandLine = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline");
        if (File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(folder, StringComparison.Ordinal))
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
    }

    private static string? Read(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Its own watchdog, or another process that cleans up, was faster.
        }
        catch (IOException failed)
        {
            Trace.WriteLine($"{folder} is left behind: {failed.Message}");
        }
    }
}
