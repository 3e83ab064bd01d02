using System.Diagnostics;
using System.Text;

namespace WaMigration.Tests.Shell;

/// <summary>The built shell as a process of its own, as a person or a build server starts it.</summary>
internal sealed class ShellProcess : IAsyncDisposable
{
    /// <summary>For env: a test run in the background ignores Ctrl+C, and what it starts inherits that.</summary>
    private const string UsualSignals = "--default-signal=INT,TERM";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string ShellPath = Path.Combine(AppContext.BaseDirectory, "WaMigration.Shell.dll");

    private readonly Process _process;
    private readonly Captured _output;
    private readonly Captured _error;

    private ShellProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        _process = Process.Start(start)!;
        _output = new Captured(_process.StandardOutput);
        _error = new Captured(_process.StandardError);
    }

    /// <summary>What was written to the standard output so far.</summary>
    public string Output => _output.Text;

    /// <summary>Whether a pseudo-terminal can be made here.</summary>
    public static bool HasTerminals => OperatingSystem.IsLinux() && File.Exists("/usr/bin/script");

    /// <summary>Starts the shell with its standard streams redirected.</summary>
    public static ShellProcess Start(string folder, params string[] arguments) => Start(folder, [], arguments);

    /// <summary>Starts the shell with variables of its environment set.</summary>
    public static ShellProcess Start(string folder, Dictionary<string, string> environment, string[] arguments)
    {
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("/usr/bin/env") { ArgumentList = { UsualSignals, "dotnet" } }
            : new ProcessStartInfo("dotnet");
        start.WorkingDirectory = folder;
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(ShellPath);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ShellProcess(start);
    }

    /// <summary>Starts the shell on a terminal of its own; what is sent is typed there.</summary>
    public static ShellProcess StartOnTerminal(string folder, params string[] arguments)
    {
        var command = string.Join(' ', new[] { "/usr/bin/env", UsualSignals, "dotnet", "exec", ShellPath }.Concat(arguments).Select(Quoted));
        var start = new ProcessStartInfo("/usr/bin/script")
        {
            WorkingDirectory = folder,
            ArgumentList = { "--quiet", "--return", "--command", "stty cols 100 rows 30; exec " + command, "/dev/null" },
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        return new ShellProcess(start);
    }

    /// <summary>Runs the shell to its end with the given input.</summary>
    public static async Task<ShellResult> RunAsync(ScriptFolder folder, string[] arguments, string input = "")
    {
        await using var shell = Start(folder.Path, arguments);
        await shell.SendAsync(input);
        shell.EndInput();
        return await shell.ExitAsync();
    }

    /// <summary>Sends text to the standard input.</summary>
    public async Task SendAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text.AsMemory(), TestContext.Current.CancellationToken);
            await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException) when (_process.HasExited)
        {
            // It ended without reading its input, as the test will see by its exit code.
        }
    }

    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading what was still on the way.
        }
    }

    /// <summary>Waits until the standard output holds a text.</summary>
    public Task WaitForAsync(string text) => _output.WaitForAsync(text, Patience);

    /// <summary>Sends a signal by its name.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<ShellResult> ExitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The shell did not end. It said: {_output.Text}\n{_error.Text}");
        }

        await Task.WhenAll(_output.Completed, _error.Completed);
        return new ShellResult(_process.ExitCode, _output.Text, _error.Text);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string Quoted(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>Collects a stream, and tells when something has come.</summary>
    private sealed class Captured
    {
        private readonly StringBuilder _text = new();
        private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Captured(StreamReader reader) => Completed = ReadAsync(reader);

        public Task Completed { get; }

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public async Task WaitForAsync(string text, TimeSpan patience)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(patience);
            while (true)
            {
                Task more;
                lock (_text)
                {
                    if (_text.ToString().Contains(text, StringComparison.Ordinal))
                    {
                        return;
                    }

                    more = _more.Task;
                }

                if (Completed.IsCompleted && !Text.Contains(text, StringComparison.Ordinal))
                {
                    Assert.Fail($"The shell ended without saying '{text}'. It said: {Text}");
                }

                try
                {
                    await Task.WhenAny(more, Completed).WaitAsync(limit.Token);
                }
                catch (OperationCanceledException)
                {
                    Assert.Fail($"The shell did not say '{text}'. It said: {Text}");
                }
            }
        }

        private async Task ReadAsync(StreamReader reader)
        {
            var buffer = new char[4096];
            int read;
            while ((read = await reader.ReadAsync(buffer)) > 0)
            {
                TaskCompletionSource done;
                lock (_text)
                {
                    _text.Append(buffer, 0, read);
                    done = _more;
                    _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                done.SetResult();
            }
        }
    }
}
