using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>
/// The process of a container that is none of the client's: it does nothing until it is stopped. Given an exit code, it
/// writes its lines and ends at once, like a container that will not start.
/// </summary>
internal sealed class StandInNode(Action<string> log, IReadOnlyList<string> lines, int? exitCode) : ISimNode
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> Exited => _exited.Task;

    public IReadOnlyDictionary<string, byte[]> Files { get; } = new Dictionary<string, byte[]>();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var line in lines)
        {
            log(line);
        }

        if (exitCode is { } code)
        {
            _exited.TrySetResult(code);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(TimeSpan grace)
    {
        _exited.TrySetResult(143);
        return Task.CompletedTask;
    }

    public void Kill() => _exited.TrySetResult(137);

    public ValueTask DisposeAsync()
    {
        _exited.TrySetResult(137);
        return ValueTask.CompletedTask;
    }
}
