using System.Net;
using System.Net.Sockets;
using System.Text;
using WaSimulator.Hosting;

namespace WaMigration.Engine.Tests.Lab.Docker;

/// <summary>A process for containers in tests of the Docker host itself: it listens, logs, keeps a file, and obeys.</summary>
internal sealed class ProbeNode(
    NodeSpec spec, INodeNetwork network, Action<string> log, IDictionary<string, byte[]> files) : ISimNode
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TcpListener? _listener;

    public NodeSpec Spec => spec;

    public INodeNetwork Network => network;

    public Task<int> Exited => _exited.Task;

    public IReadOnlyDictionary<string, byte[]> Files => new Dictionary<string, byte[]>(files);

    /// <summary>Set to keep it from obeying SIGTERM.</summary>
    public bool IgnoresStop => spec.Environment.GetValueOrDefault("PROBE_IGNORES_STOP") == "1";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var port = spec.Role == NodeRole.Webapp ? 443 : 6250;
        _listener = new TcpListener(network.Listen(spec, port));
        _listener.Start();
        network.Publish(spec, port, (IPEndPoint)_listener.LocalEndpoint);
        if (!files.ContainsKey("/etc/lighttpd/server.pem"))
        {
            files["/etc/lighttpd/server.pem"] = Encoding.ASCII.GetBytes("PEM of " + spec.ContainerId);
        }

        log("started " + spec.Role);
        return Task.CompletedTask;
    }

    public void Exit(int code) => End(code);

    public async Task StopAsync(TimeSpan grace)
    {
        if (IgnoresStop)
        {
            await Task.WhenAny(_exited.Task, Task.Delay(grace));
            Kill();
            return;
        }

        log("stopped in good order");
        End(0);
    }

    public void Kill() => End(137);

    public ValueTask DisposeAsync()
    {
        End(137);
        return ValueTask.CompletedTask;
    }

    private void End(int code)
    {
        _listener?.Stop();
        network.Withdraw(spec);
        _exited.TrySetResult(code);
    }
}
