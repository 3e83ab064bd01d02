using System.Net;

namespace WaSimulator.Hosting;

/// <summary>What a node process is: the vendor's programs are told apart by image and by WA_MASTER_NODE.</summary>
public enum NodeRole
{
    /// <summary>Sends and receives; image <c>…/coreapp</c>.</summary>
    Coreapp,

    /// <summary>Coordinates the cluster; image <c>…/coreapp</c> with <c>WA_MASTER_NODE=1</c>.</summary>
    Master,

    /// <summary>The HTTPS API; image <c>…/web</c>.</summary>
    Webapp,
}

/// <summary>Everything a node gets from its container.</summary>
/// <param name="Role">The program.</param>
/// <param name="ContainerId">Full 64-digit container id; node keys show the first 12.</param>
/// <param name="Hostname">The container's host name (its first 12 id digits unless set).</param>
/// <param name="Version">Client version without the v, from the image tag.</param>
/// <param name="Environment">All variables: the image's overlaid by the container's.</param>
/// <param name="HostPorts">Container port to published host port, e.g. 443 to 9090; empty where none are published.</param>
public sealed record NodeSpec(
    NodeRole Role,
    string ContainerId,
    string Hostname,
    string Version,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<int, IPEndPoint> HostPorts)
{
    /// <summary>Folders of the container that are real ones on this machine: its path to the real path.</summary>
    public IReadOnlyDictionary<string, string> Folders { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// How nodes find each other. In a real container: DNS and fixed ports. In process: virtual host names on loopback
/// with free ports.
/// </summary>
public interface INodeNetwork
{
    /// <summary>The address on which a node listens for one of its container ports (6250-6253, 443).</summary>
    IPEndPoint Listen(NodeSpec node, int containerPort);

    /// <summary>Says that the node answers on <paramref name="actual"/> for that container port from now on.</summary>
    void Publish(NodeSpec node, int containerPort, IPEndPoint actual);

    /// <summary>Takes back all that <see cref="Publish"/> said of the node.</summary>
    void Withdraw(NodeSpec node);

    /// <summary>The end point behind a host name and port as another node knows it; null when no such host answers.</summary>
    IPEndPoint? Resolve(string hostname, int port);
}

/// <summary>One running node. Created stopped; started once; never started again (a restart makes a new one).</summary>
public interface ISimNode : IAsyncDisposable
{
    /// <summary>Runs the node until it is stopped. Returns once its process is up (not: ready or connected).</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>SIGTERM: finish what is in hand, close the database sessions, leave. Gives up gracefully after the grace.</summary>
    Task StopAsync(TimeSpan grace);

    /// <summary>SIGKILL: sockets and database sessions are cut at once, nothing is finished.</summary>
    void Kill();

    /// <summary>Completes with the exit code when the node has ended, by itself or by stop or kill (137).</summary>
    Task<int> Exited { get; }

    /// <summary>Files of the container that the module or a test may read, absolute path to content.</summary>
    IReadOnlyDictionary<string, byte[]> Files { get; }
}
