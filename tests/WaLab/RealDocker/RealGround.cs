using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// Real Docker hosts and database servers that their containers reach: what labs stand on, one after the other. Starting
/// one takes longer than clearing it.
/// </summary>
public sealed class RealGround : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LabDatabaseEngine, Task<ILabDatabaseServer>> _servers = [];

    private RealGround(RealDockerHosts hosts) => Hosts = hosts;

    /// <summary>The hosts: the old side's first.</summary>
    public RealDockerHosts Hosts { get; }

    /// <summary>Starts so many hosts.</summary>
    /// <exception cref="LabServerMissingException">They cannot be had here.</exception>
    public static async Task<RealGround> StartAsync(int hosts, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        return new RealGround(await RealDockerHosts.StartAsync(hosts, log, cancellationToken));
    }

    /// <summary>The database server of an engine, started when it is first asked for; it listens on loopback and on the hosts' network.</summary>
    /// <exception cref="LabServerMissingException">It cannot be had here.</exception>
    public Task<ILabDatabaseServer> DatabaseServerAsync(LabDatabaseEngine engine, Action<string>? log = null)
    {
        lock (_lock)
        {
            if (!_servers.TryGetValue(engine, out var server) || server.IsFaulted)
            {
                _servers[engine] = server = LabDatabaseServers.StartAsync(engine, log, Hosts.Network.ForServers, CancellationToken.None);
            }

            return server;
        }
    }

    /// <summary>Its PostgreSQL server.</summary>
    public async Task<LabPostgres> PostgresAsync() => (LabPostgres)await DatabaseServerAsync(LabDatabaseEngine.PostgreSql);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Hosts.DisposeAsync();
        foreach (var starting in _servers.Values)
        {
            // One that did not start said so to whoever asked for it.
            if (await Task.WhenAny(starting) is { IsCompletedSuccessfully: true } server)
            {
                await (await server).DisposeAsync();
            }
        }
    }

    /// <summary>Removes all containers, volumes and networks of a host; its images stay.</summary>
    public static async Task ClearAsync(DockerEngine engine, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        if (!await engine.Api.PingAsync(cancellationToken))
        {
            await engine.StartAsync(cancellationToken);
        }

        var containers = await engine.Api.ContainersAsync(cancellationToken);
        await Task.WhenAll(containers.Select(one => engine.Api.DeleteAsync($"containers/{one.Id}?force=1&v=1", cancellationToken)));
        var volumes = (await engine.Api.GetAsync("volumes", cancellationToken))["Volumes"]?.AsArray() ?? [];
        foreach (var volume in volumes)
        {
            await engine.Api.DeleteAsync("volumes/" + (string)volume!["Name"]!, cancellationToken);
        }

        await engine.Api.PostAsync("networks/prune", null, cancellationToken);
    }
}
