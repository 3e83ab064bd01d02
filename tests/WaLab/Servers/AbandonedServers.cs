using System.Diagnostics;
using System.Globalization;

namespace WaLab.Servers;

/// <summary>Ends servers whose owner and watchdog were both killed. The watchdog makes this rare, not impossible.</summary>
internal static class AbandonedServers
{
    public static void Remove(string kind)
    {
        foreach (var folder in LabFolders.Abandoned(kind))
        {
            EndServerOf(folder);
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

    private static void EndServerOf(string folder)
    {
        var file = Path.Combine(folder, "data", "postmaster.pid");
        if (!File.Exists(file)
            || !int.TryParse(File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        // The number may belong to another process by now: only one that runs on this very folder is ours.
        var commandLine = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline");
        if (File.Exists(commandLine) && File.ReadAllText(commandLine).Contains(folder, StringComparison.Ordinal))
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
    }
}
