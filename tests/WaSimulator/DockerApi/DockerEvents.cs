using System.Threading.Channels;

namespace WaSimulator.DockerApi;

/// <summary>All that happened on a host, kept in order, and told to who listens.</summary>
public sealed class DockerEvents(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<DockerEvent> _events = [];
    private readonly List<ChannelWriter<DockerEvent>> _listeners = [];

    /// <summary>All events, in order: tests prove with it what was done, and what was not.</summary>
    public IReadOnlyList<DockerEvent> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    internal void Add(string type, string action, string id, params (string Name, string Value)[] attributes)
    {
        var happened = new DockerEvent(time.GetUtcNow(), type, action, id, attributes.ToDictionary(a => a.Name, a => a.Value));
        lock (_gate)
        {
            _events.Add(happened);
            foreach (var listener in _listeners)
            {
                listener.TryWrite(happened);
            }
        }
    }

    internal void Add(EmbeddedContainer container, string action, params (string Name, string Value)[] attributes) =>
        Add("container", action, container.Id, [("image", container.ImageReference), ("name", container.Name), .. attributes]);

    internal (IReadOnlyList<DockerEvent> Past, ChannelReader<DockerEvent> Future, IDisposable Subscription) Listen()
    {
        var channel = Channel.CreateUnbounded<DockerEvent>();
        lock (_gate)
        {
            _listeners.Add(channel.Writer);
            return ([.. _events], channel.Reader, new Subscription(this, channel.Writer));
        }
    }

    private sealed class Subscription(DockerEvents events, ChannelWriter<DockerEvent> writer) : IDisposable
    {
        public void Dispose()
        {
            lock (events._gate)
            {
                events._listeners.Remove(writer);
            }
        }
    }
}
