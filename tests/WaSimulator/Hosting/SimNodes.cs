using WaSimulator.Nodes;
using WaSimulator.Webapp;

namespace WaSimulator.Hosting;

/// <summary>Makes nodes.</summary>
public static class SimNodes
{
    /// <summary>Makes a node of the role in <paramref name="spec"/>, stopped.</summary>
    /// <param name="spec">What the node gets from its container.</param>
    /// <param name="network">How it listens and finds others.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="log">Takes each line of its output.</param>
    /// <param name="files">
    /// The container's writable files. Hand the same ones in when the container is started again: the Webapp's
    /// certificate lives as long as its container. Without it every start makes a new one.
    /// </param>
    public static ISimNode Create(
        NodeSpec spec,
        INodeNetwork network,
        TimeProvider time,
        Action<string> log,
        IDictionary<string, byte[]>? files = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        return spec.Role switch
        {
            NodeRole.Webapp => new WebappNode(spec, network, time, log, files),
            _ => new CoreNode(spec, network, time, log, files),
        };
    }
}
