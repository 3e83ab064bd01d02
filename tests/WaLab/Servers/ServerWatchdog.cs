using System.Diagnostics;
using System.Globalization;

namespace WaLab.Servers;

/// <summary>
/// Holds a server process so that it never outlives us. A small shell waits on a pipe whose other end only this process
/// has: when we stop, fail or are killed, the pipe ends, and the shell ends the server by its pid and removes its folder.
/// (PR_SET_PDEATHSIG would follow the thread that started the server, and pool threads come and go.)
/// </summary>
internal sealed class ServerWatchdog : IAsyncDisposable
{
    // $1: folder to remove; $2: signal that ends the server; rest: its command. The server has a session of its own,
    // so that Ctrl+C at a terminal reaches us alone and the order of stopping stays ours.
    private const string Script = """
        folder=$1; signal=$2; shift 2
        trap '' INT TERM HUP
        setsid=$(command -v setsid || true)
        $setsid "$@" </dev/null >/dev/null 2>>"$folder/server.err" &
        pid=$!
        echo "$pid"
        read -r line
        kill -s "$signal" "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        [ "$line" = keep ] || rm -rf -- "$folder"
        """;

    private readonly Process _shell;
    private bool _isEnded;

    private ServerWatchdog(Process shell, int serverId)
    {
        _shell = shell;
        ServerId = serverId;
    }

    /// <summary>The server's own process id.</summary>
    public int ServerId { get; }

    /// <summary>True while the server's process is there.</summary>
    public bool IsServerRunning => Directory.Exists("/proc/" + ServerId.ToString(CultureInfo.InvariantCulture))
        && !IsZombie(ServerId);

    public static async Task<ServerWatchdog> StartAsync(
        string folder,
        string signal,
        IEnumerable<string> command,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        string[] first = ["-c", Script, "walab-watchdog", folder, signal];
        foreach (var argument in first.Concat(command))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start.");
        var line = await shell.StandardOutput.ReadLineAsync(cancellationToken);
        return new ServerWatchdog(shell, int.Parse(line ?? "0", CultureInfo.InvariantCulture));
    }

    /// <summary>Ends watchdog and server but keeps the folder, for another try in it.</summary>
    public async Task AbandonAsync()
    {
        await _shell.StandardInput.WriteLineAsync("keep");
        await DisposeAsync();
    }

    /// <summary>One that was abandoned has nothing more to end, so that a test that fails after a crash says why.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static bool IsZombie(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart().StartsWith("Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Gone between the two looks.
            return true;
        }
    }
}
