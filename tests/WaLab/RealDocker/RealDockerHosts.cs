namespace WaLab.RealDocker;

/// <summary>
/// One to four real Docker hosts on a network of their own, with names that containers on all of them can look up.
/// Disposing ends and removes everything; so does the end of this process, however it ends.
/// </summary>
public sealed class RealDockerHosts : IAsyncDisposable
{
    private const int Most = 4;
    private readonly DockerHostKeys _keys;
    private readonly List<DockerEngine> _engines = [];
    private int _ended;

    private RealDockerHosts(LabNetwork network, DockerHostKeys keys, LabNames names)
    {
        Network = network;
        _keys = keys;
        Names = names;
    }

    /// <summary>The network between the hosts and this machine.</summary>
    public LabNetwork Network { get; }

    /// <summary>The names that containers can look up.</summary>
    public LabNames Names { get; }

    /// <summary>The hosts.</summary>
    public IReadOnlyList<DockerEngine> Engines => _engines;

    /// <summary>The folder with an <c>ssh</c> that has the keys of these hosts; put it first on PATH.</summary>
    public string SshFolder => _keys.Ssh.ProgramFolder;

    /// <summary>Starts so many hosts.</summary>
    /// <exception cref="Servers.LabServerMissingException">Real Docker hosts cannot be had here.</exception>
    public static async Task<RealDockerHosts> StartAsync(
        int count, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        await DockerPrograms.EnsureAsync(log ?? (_ => { }), cancellationToken);
        var network = await LabNetwork.StartAsync(cancellationToken);
        RealDockerHosts? hosts = null;
        try
        {
            hosts = new RealDockerHosts(
                network, await DockerHostKeys.CreateAsync(network, cancellationToken), LabNames.Start(network));
            var template = await EngineTemplate.EnsureAsync(network, hosts._keys, log ?? (_ => { }), cancellationToken);
            await hosts.StartEnginesAsync(count, template, cancellationToken);
            return hosts;
        }
        catch
        {
            await (hosts?.DisposeAsync() ?? network.DisposeAsync());
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(_engines.Select(engine => engine.DisposeAsync().AsTask()));
        await Names.DisposeAsync();
        _keys.Dispose();
        await Network.DisposeAsync();
    }

    private async Task StartEnginesAsync(int count, string template, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(1, count).Select(number => StartOneAsync(number, template, cancellationToken)));
        _engines.Sort((one, other) => one.Machine.Number.CompareTo(other.Machine.Number));
    }

    private async Task StartOneAsync(int number, string template, CancellationToken cancellationToken)
    {
        var machine = await LabMachine.StartAsync(Network, number, cancellationToken);
        try
        {
            await EngineTemplate.CopyAsync(template, Path.Combine(machine.Folder, DockerEngine.DataFolderName), cancellationToken);
            var engine = await DockerEngine.StartAsync(machine, _keys, cancellationToken);
            Names.Add(engine);
            lock (_engines)
            {
                _engines.Add(engine);
            }
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }
}
