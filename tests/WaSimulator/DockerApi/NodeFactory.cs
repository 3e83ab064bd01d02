using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>Makes the process of a container.</summary>
/// <param name="spec">What it gets from its container.</param>
/// <param name="network">The network as it sees it.</param>
/// <param name="time">Its clock.</param>
/// <param name="log">Takes what it writes.</param>
/// <param name="files">The container's writable layer, which outlives restarts.</param>
public delegate ISimNode NodeFactory(
    NodeSpec spec, INodeNetwork network, TimeProvider time, Action<string> log, IDictionary<string, byte[]> files);
