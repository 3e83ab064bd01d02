using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WaMigration.Databases.Utilities;

/// <summary>A running dump tool: its input, its output, and the last lines of what it complains of. Killed where it is not waited for.</summary>
internal sealed class UtilityProcess : IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const int MostLines = 20;
    private readonly UtilityCall call;
    private readonly Process process;
    private readonly string target;
    private readonly Task complaints;
    private readonly Queue<string> lines = new();

    private UtilityProcess(UtilityCall call, Process process, string target)
    {
        (this.call, this.process, this.target) = (call, process, target);
        complaints = Task.Run(ReadComplaintsAsync);
    }

    /// <summary>What it complained of so far.</summary>
    internal IReadOnlyList<string> Complaints
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    internal static UtilityProcess Start(UtilityCall call, string target)
    {
        var start = new ProcessStartInfo(call.Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardErrorEncoding = new UTF8Encoding(false),
        };
#if NET
        foreach (var argument in call.Arguments)
        {
            start.ArgumentList.Add(argument);
        }
#else
        start.Arguments = string.Join(" ", call.Arguments.Select(argument => "\"" + System.Text.RegularExpressions.Regex.Replace(argument, @"(\\*)(""|$)", "$1$1\\$2").TrimEnd('\\') + "\""));
#endif

        // What a person has set for the engine's tools is about other servers.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MYSQL", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MARIADB", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var variable in call.Environment)
        {
            start.Environment[variable.Key] = variable.Value;
        }

        try
        {
            return new UtilityProcess(call, Process.Start(start)!, target);
        }
        catch (Win32Exception failure)
        {
            throw UtilityErrors.UtilityMissing.Error(call.Program, failure, [], failure.Message);
        }
    }

    /// <summary>Hands on all that it writes.</summary>
    internal async Task ReadAsync(Func<byte[], int, Task> write, CancellationToken cancellation)
    {
        using var killer = cancellation.Register(Kill);
        var block = new byte[BlockSize];
        while (await process.StandardOutput.BaseStream.ReadAsync(block, 0, block.Length, CancellationToken.None).ConfigureAwait(false) is > 0 and var read)
        {
            cancellation.ThrowIfCancellationRequested();
            await write(block, read).ConfigureAwait(false);
        }
    }

    /// <summary>Gives it input. One that ended already says why.</summary>
    internal async Task WriteAsync(byte[] block, int count, CancellationToken cancellation)
    {
        using var killer = cancellation.Register(Kill);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(block, 0, count, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            await ExitAsync(cancellation).ConfigureAwait(false);
            throw Failed(failure);
        }
    }

    /// <summary>Its input is at its end; it is done when it says so.</summary>
    internal async Task EndAsync(CancellationToken cancellation)
    {
        using var killer = cancellation.Register(Kill);
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it took all of its input; its exit code says whether that is good.
        }

        await ExitAsync(cancellation).ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw Failed(null);
        }
    }

    /// <summary>Reads and drops what it writes, so that it never waits for a reader.</summary>
    internal Task DrainAsync(CancellationToken cancellation) => ReadAsync((_, _) => Task.CompletedTask, cancellation);

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    private async Task ExitAsync(CancellationToken cancellation)
    {
        await Task.Run(process.WaitForExit, CancellationToken.None).ConfigureAwait(false);
        await complaints.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }

    private WaException Failed(Exception? inner)
    {
        var evidence = Complaints;
        return UtilityErrors.UtilityFailed.Error(target, inner, evidence, Path.GetFileName(call.Program), process.ExitCode, evidence.Count > 0 ? evidence[0] : "-");
    }

    private void Kill()
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            // It ended between the two.
        }
    }

    private async Task ReadComplaintsAsync()
    {
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }

            lock (lines)
            {
                // The first says what went wrong, the last how it ended.
                if (lines.Count == MostLines)
                {
                    continue;
                }

                lines.Enqueue(call.Clean(line).Shorten(500));
            }
        }
    }
}
