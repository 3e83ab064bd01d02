using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WaMigration.Shell;

/// <summary>
/// The native commands that own the terminal while they run. The engine does not stop those: it counts on the terminal,
/// which sends Ctrl+C to all of its foreground. A signal sent to the shell alone must be handed on to them.
/// </summary>
internal sealed class NativeChildren : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly HashSet<int> _known = [];
    private PosixSignal? _signal;
    private int _running;

    public NativeChildren(TimeProvider time) =>
        _timer = time.CreateTimer(_ => Forward(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>A native command is about to start.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_running++ == 0 && OperatingSystem.IsLinux())
            {
                // What runs already was started by a script on its own, which is to end it on its own.
                _known.Clear();
                _known.UnionWith(ChildrenOf(Environment.ProcessId));
            }
        }
    }

    /// <summary>The native command has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (--_running == 0)
            {
                _signal = null;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Hands a signal on, unless the terminal has done so already.</summary>
    public void Forward(PosixSignal signal)
    {
        lock (_gate)
        {
            if (_running == 0
                || !OperatingSystem.IsLinux()
                || (signal == PosixSignal.SIGINT && IsForegroundOfTerminal()))
            {
                return;
            }

            // Repeated, each child once: the command that was about to start may not be there yet.
            _signal = signal;
            _timer.Change(TimeSpan.Zero, Period);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Forward()
    {
        lock (_gate)
        {
            if (_signal is not { } signal || !OperatingSystem.IsLinux())
            {
                return;
            }

            foreach (var child in ChildrenOf(Environment.ProcessId).Where(_known.Add))
            {
                // A child that has ended meanwhile makes this fail, and needs nothing.
                _ = Kill(child, signal == PosixSignal.SIGINT ? 2 : 15);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    [SupportedOSPlatform("linux")]
    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && StatusOf(id) is { } status
                && status.Parent == parent)
            {
                children.Add(id);
            }
        }

        return children;
    }

    [SupportedOSPlatform("linux")]
    private static bool IsForegroundOfTerminal() =>
        StatusOf(Environment.ProcessId) is { } status && status.ForegroundGroup == status.Group;

    [SupportedOSPlatform("linux")]
    private static ProcessStatus? StatusOf(int process)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and the reading.
            return null;
        }

        // The name in brackets may hold anything; the numbers follow its last bracket.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ProcessStatus(Number(fields[1]), Number(fields[2]), Number(fields[5]));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record ProcessStatus(int Parent, int Group, int ForegroundGroup);
}
