using System.Diagnostics;
using System.Globalization;

namespace WaLab.Servers;

/// <summary>Ends servers whose owner and watchdog were both killed. The watchdog makes this rare, not impossible.</summary>
internal static class AbandonedServers
{
    /// <param name="kind">Kind of the folders.</param>
    /// <param name="processFile">In such a folder: the file that begins with the server's process id; null where none runs on it.</param>
    public static void Remove(string kind, string? processFile = null)
    {
        foreach (var folder in LabFolders.Abandoned(kind))
        {
            if (processFile is not null)
            {
                EndServerOf(folder, processFile);
            }

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

    private static void EndServerOf(string folder, string processFile)
    {
        var file = Path.Combine(folder, processFile);
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
