using System.Diagnostics;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>
/// The process of a container that was given a program of its own, such as a shell: a real process of this machine. There
/// is no other root for it, so that the paths of mounts in its arguments are replaced by those of the real folders.
/// </summary>
internal sealed class ProgramNode(EmbeddedContainer container, IReadOnlyDictionary<string, string> folders, Action<string> log) : ISimNode
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    public Task<int> Exited => _exited.Task;

    public IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var words = Json.Texts(container.Config, "Entrypoint").Concat(Json.Texts(container.Config, "Cmd")).ToList();
        var start = new ProcessStartInfo(words[0], words.Skip(1).Select(InRealFolders)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{words[0]} did not start");
        _ = FollowAsync(_process);
        return Task.CompletedTask;
    }

    public Task StopAsync(TimeSpan grace)
    {
        Kill();
        return Task.CompletedTask;
    }

    public void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
        }

        _exited.TrySetResult(137);
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }

    private string InRealFolders(string argument) =>
        folders.Aggregate(argument, (text, folder) => text.Replace(folder.Key, folder.Value, StringComparison.Ordinal));

    private async Task FollowAsync(Process process)
    {
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        await process.WaitForExitAsync();
        _exited.TrySetResult(process.ExitCode);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            log(line);
        }
    }
}
