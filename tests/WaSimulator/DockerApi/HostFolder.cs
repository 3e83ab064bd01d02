namespace WaSimulator.DockerApi;

/// <summary>Where an embedded host keeps what is in volumes and containers; gone with it.</summary>
public sealed class HostFolder : IDisposable
{
    private readonly Lazy<string> _root = new(() => Directory.CreateTempSubdirectory("wasim-docker-").FullName);

    /// <summary>A folder in it; made where it is not there.</summary>
    public string Create(string kind, string name) => Directory.CreateDirectory(Path.Combine(_root.Value, kind, name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_root.IsValueCreated)
        {
            Directory.Delete(_root.Value, recursive: true);
        }
    }
}
