using System.Diagnostics;
using System.Globalization;

namespace WaLab.Servers;

/// <summary>The processes of a server, by their ids.</summary>
internal static class ServerProcesses
{
    /// <summary>The processes that this one started and that still run.</summary>
    internal static IReadOnlyList<int> ChildrenOf(int id)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var child) && ParentOf(child) == id)
            {
                children.Add(child);
            }
        }

        return children;
    }

    internal static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended between the look and the signal.
            Debug.WriteLine(gone.Message);
        }
    }

    private static int? ParentOf(int id)
    {
        try
        {
            var state = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var words = state[(state.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return int.Parse(words[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // Gone between the two looks.
            return null;
        }
    }
}
