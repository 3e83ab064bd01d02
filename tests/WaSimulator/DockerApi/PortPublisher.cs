using System.Net;

namespace WaSimulator.DockerApi;

/// <summary>Tells who answers in place of a container, in order: a close never overtakes its open.</summary>
internal sealed class PortPublisher(EmbeddedContainer container, EmbeddedDockerHostOptions options)
{
    private readonly Lock _gate = new();
    private readonly HashSet<IPublishedPort> _open = [];
    private Task _told = Task.CompletedTask;

    /// <summary>Who answers for a container port; null when the container does so itself.</summary>
    public IPublishedPort? For(int containerPort) =>
        container.FixedPorts.TryGetValue(containerPort, out var published) ? options.PublishedPort?.Invoke(published.Port) : null;

    public void Open(int containerPort, IPEndPoint listening)
    {
        if (For(containerPort) is { } port)
        {
            lock (_gate)
            {
                _open.Add(port);
                _told = AfterAsync(_told, () => port.OpenAsync(container, listening));
            }
        }
    }

    /// <summary>Closes all that is open; ends when they have closed.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            foreach (var port in _open)
            {
                _told = AfterAsync(_told, port.CloseAsync);
            }

            _open.Clear();
            return _told;
        }
    }

    private async Task AfterAsync(Task before, Func<Task> then)
    {
        await before;
        try
        {
            await then();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // Like a userland proxy that cannot listen: the container runs on, and its log says why nobody reaches it.
            container.Log.Write($"published port: {problem.Message}");
        }
    }
}
