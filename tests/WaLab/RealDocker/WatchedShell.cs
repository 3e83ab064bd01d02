using System.Diagnostics;

namespace WaLab.RealDocker;

/// <summary>
/// A shell that does what it is told line by line and tidies up by its script's own end as soon as its standard input
/// closes: when we stop, fail, or are killed. It has a session of its own, so that Ctrl+C at a terminal reaches us alone.
/// </summary>
internal sealed class WatchedShell : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _name;

    private WatchedShell(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>True until the shell has ended.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts the script and returns with the rest of its first answer.</summary>
    public static async Task<(WatchedShell Shell, string Answer)> StartAsync(
        string name, string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in new[] { "sh", "-c", script, name }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("setsid did not start.");
        var shell = new WatchedShell(process, name);
        try
        {
            return (shell, await shell.ReadAnswerAsync(cancellationToken));
        }
        catch
        {
            await shell.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a line and returns the rest of the answer; an answer other than <c>ok</c> is an error.</summary>
    public async Task<string> AskAsync(string line, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Not to be cancelled half-way: the next answer would belong to this question.
            await _process.StandardInput.WriteLineAsync(line);
            return await ReadAnswerAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var answer = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException($"{_name} has ended.");
        return answer == "ok" ? string.Empty
            : answer.StartsWith("ok ", StringComparison.Ordinal) ? answer[3..]
            : throw new InvalidOperationException($"{_name}: {answer}");
    }
}
