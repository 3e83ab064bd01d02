using WaLab.Servers;

namespace WaLab.RealDocker;

/// <summary>
/// Real Docker hosts and a database server that their containers reach: what labs stand on, one after the other. Starting
/// one takes longer than clearing it.
/// </summary>
public sealed class RealGround : IAsyncDisposable
{
    private RealGround(RealDockerHosts hosts, LabPostgres postgres)
    {
        Hosts = hosts;
        Postgres = postgres;
    }

    /// <summary>The hosts: the old side's first.</summary>
    public RealDockerHosts Hosts { get; }

    /// <summary>The database server; it listens on loopback and on the hosts' network.</summary>
    public LabPostgres Postgres { get; }

    /// <summary>Starts so many hosts, and the database server.</summary>
    /// <exception cref="LabServerMissingException">They cannot be had here.</exception>
    public static async Task<RealGround> StartAsync(int hosts, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        var machines = await RealDockerHosts.StartAsync(hosts, log, cancellationToken);
        try
        {
            return new RealGround(machines, await LabPostgres.StartAsync(log, machines.Network.ForServers, cancellationToken));
        }
        catch
        {
            await machines.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Hosts.DisposeAsync();
        await Postgres.DisposeAsync();
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
