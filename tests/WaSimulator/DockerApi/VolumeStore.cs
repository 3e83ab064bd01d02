namespace WaSimulator.DockerApi;

/// <summary>The volumes of one host.</summary>
public sealed class VolumeStore(TimeProvider time, HostFolder folder)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DockerVolume> _volumes = new(StringComparer.Ordinal);

    /// <summary>All volumes by name.</summary>
    public IReadOnlyList<DockerVolume> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _volumes.Values];
            }
        }
    }

    /// <summary>Creates a volume, or returns the one that has the name.</summary>
    public DockerVolume Ensure(
        string name, IReadOnlyDictionary<string, string>? labels = null, string driver = "local", IReadOnlyDictionary<string, string>? options = null)
    {
        lock (_gate)
        {
            if (!_volumes.TryGetValue(name, out var volume))
            {
                volume = new DockerVolume(name, driver, time.GetUtcNow(), labels ?? new Dictionary<string, string>(), options ?? new Dictionary<string, string>(), folder.Create("volumes", DockerIds.Random()[..16]));
                _volumes[name] = volume;
            }

            return volume;
        }
    }

    internal DockerVolume Get(string name)
    {
        lock (_gate)
        {
            return _volumes.GetValueOrDefault(name) ?? throw new DockerError(404, $"get {name}: no such volume");
        }
    }

    internal void Remove(string name)
    {
        lock (_gate)
        {
            if (_volumes.Remove(name, out var volume))
            {
                Directory.Delete(volume.Folder, recursive: true);
            }
        }
    }
}
