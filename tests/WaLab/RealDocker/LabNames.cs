using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace WaLab.RealDocker;

/// <summary>
/// The name server of the lab's hosts, as a company has one: external host names, and names given with
/// <see cref="Set"/> such as <c>db</c>. A name without dots that nobody gave is looked for among the running compose
/// services of the host that asks, for the vendor's single-instance file puts its containers on the default bridge, where
/// Docker itself resolves no names.
/// </summary>
public sealed class LabNames : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IPAddress> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<IPAddress, DockerEngine> _engines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpClient _socket;
    private readonly Task _loop;

    private LabNames(UdpClient socket)
    {
        _socket = socket;
        _loop = ServeAsync();
    }

    /// <summary>Gives a name an address, for containers on all hosts.</summary>
    public void Set(string name, IPAddress address) => _names[name] = address;

    internal static LabNames Start(LabNetwork network)
    {
        var names = new LabNames(new UdpClient(new IPEndPoint(network.Gateway, 53)));
        names.Set("lab", network.Gateway);
        return names;
    }

    internal void Add(DockerEngine engine)
    {
        _engines[engine.Address] = engine;
        Set(engine.Name, engine.Address);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var running = new ConcurrentDictionary<Task, bool>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var query = await _socket.ReceiveAsync(_stop.Token);
                var answer = AnswerAsync(query);
                running[answer] = true;
                _ = answer.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // An earlier answer met a closed port: the container that asked is gone.
            }
        }

        await Task.WhenAll(running.Keys);
    }

    private async Task AnswerAsync(UdpReceiveResult query)
    {
        if (DnsQuestion.Read(query.Buffer) is not { } question)
        {
            return;
        }

        try
        {
            var address = await FindAsync(question.Name, query.RemoteEndPoint.Address);
            await _socket.SendAsync(question.Answer(address), query.RemoteEndPoint, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The lab ends.
        }
        catch (Exception failed) when (failed is SocketException or HttpRequestException or InvalidOperationException)
        {
            // The host that asked, or its engine, ended meanwhile: nobody waits for the answer.
            System.Diagnostics.Trace.WriteLine($"{question.Name}: {failed.Message}");
        }
    }

    private async Task<IPAddress?> FindAsync(string name, IPAddress asker)
    {
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }

        if (name.Contains('.', StringComparison.Ordinal) || !_engines.TryGetValue(asker, out var engine))
        {
            return null;
        }

        var filters = new JsonObject
        {
            ["label"] = new JsonArray("com.docker.compose.service=" + name),
            ["status"] = new JsonArray("running"),
        };
        var found = await engine.Api.GetAsync("containers/json?filters=" + Uri.EscapeDataString(filters.ToJsonString()), _stop.Token);
        return found.AsArray()
            .Select(container => (string?)container?["NetworkSettings"]?["Networks"]?["bridge"]?["IPAddress"])
            .Where(text => !string.IsNullOrEmpty(text))
            .Select(text => IPAddress.Parse(text!))
            .FirstOrDefault();
    }
}
