using System.Net;

namespace WaSimulator.DockerApi;

/// <summary>The containers of one host.</summary>
public sealed class ContainerStore
{
    private readonly Lock _gate = new();
    private readonly List<EmbeddedContainer> _containers = [];

    /// <summary>All containers, newest first as the engine lists them.</summary>
    public IReadOnlyList<EmbeddedContainer> All
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_containers)];
            }
        }
    }

    /// <summary>A container by name, id, or the beginning of its id; null when there is none.</summary>
    public EmbeddedContainer? Find(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        lock (_gate)
        {
            var name = reference.TrimStart('/');
            if (_containers.FirstOrDefault(c => c.Id == name || c.Name == name) is { } exact)
            {
                return exact;
            }

            var matches = _containers.Where(c => name.Length > 0 && c.Id.StartsWith(name, StringComparison.Ordinal)).ToList();
            return matches.Count switch
            {
                0 => null,
                1 => matches[0],
                _ => throw new DockerError(400, "multiple IDs found with provided prefix: " + name),
            };
        }
    }

    internal EmbeddedContainer Get(string reference) => Find(reference) ?? throw DockerError.NoSuchContainer(reference);

    internal void Add(EmbeddedContainer container)
    {
        lock (_gate)
        {
            ThrowIfTaken(container.Name);
            _containers.Add(container);
        }
    }

    internal void Rename(EmbeddedContainer container, string name)
    {
        lock (_gate)
        {
            ThrowIfTaken(name);
            container.Name = name;
        }
    }

    internal void Remove(EmbeddedContainer container)
    {
        lock (_gate)
        {
            _containers.Remove(container);
        }
    }

    /// <summary>Where a published port really answers; null when no running container publishes it.</summary>
    internal IPEndPoint? FindPublished(int hostPort)
    {
        foreach (var container in All.Where(c => c.IsRunning))
        {
            foreach (var (containerPort, published) in container.FixedPorts)
            {
                if (published.Port == hostPort)
                {
                    return container.Ports.GetValueOrDefault(containerPort) is not null ? published : null;
                }
            }
        }

        return null;
    }

    internal void ThrowIfTaken(string name)
    {
        lock (_gate)
        {
            if (_containers.FirstOrDefault(c => c.Name == name) is { } holder)
            {
                throw new DockerError(
                    409,
                    $"Conflict. The container name \"/{name}\" is already in use by container \"{holder.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
            }
        }
    }
}
