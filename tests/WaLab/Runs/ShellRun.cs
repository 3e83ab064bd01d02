using System.Diagnostics;
using System.Text;

namespace WaLab.Runs;

/// <summary>The console host as a process of its own, which can be killed.</summary>
public sealed class ShellRun : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ShellRun(Process process) => this.process = process;

    /// <summary>All that it printed so far, both streams in the order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>It has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Starts a script in a new process.</summary>
    /// <param name="shell">The console host's assembly.</param>
    /// <param name="script">The script's path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Secrets go here, never into the arguments.</param>
    public static ShellRun Start(string shell, string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[] { "exec", shell, script }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var run = new ShellRun(new Process { StartInfo = start });
        run.process.OutputDataReceived += (_, line) => run.Keep(line.Data);
        run.process.ErrorDataReceived += (_, line) => run.Keep(line.Data);
        run.process.Start();
        run.process.StandardInput.Close();
        run.process.BeginOutputReadLine();
        run.process.BeginErrorReadLine();
        return run;
    }

    /// <summary>SIGKILL: nothing in the process can react to it.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    public async Task<int> WaitAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(timeout, cancellation);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The script did not end within {timeout.TotalSeconds} s. It printed:{Environment.NewLine}{Output}");
        }

        return process.ExitCode;
    }

    /// <summary>Completes when the process ends, so that a wait for something else fails at once with what it printed.</summary>
    public async Task ExpectRunningAsync(Task other, TimeSpan timeout)
    {
        var ended = process.WaitForExitAsync();
        await Task.WhenAny(other, ended).WaitAsync(timeout);
        if (!other.IsCompleted)
        {
            throw new InvalidOperationException($"The script ended early with exit code {process.ExitCode}. It printed:{Environment.NewLine}{Output}");
        }

        await other;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
