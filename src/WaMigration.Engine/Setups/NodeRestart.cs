using WaMigration.Containers;

namespace WaMigration.Setups;

/// <summary>Restarts what settings, certificates and restores need restarted.</summary>
internal static class NodeRestart
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    internal static Task AllAsync(WaSetup setup, Operation operation) => RunAsync(setup, NodeSelection.All, operation);

    internal static Task CoreappsAsync(WaSetup setup, Operation operation) => RunAsync(setup, new NodeSelection([], [WaNodeRole.Coreapp]), operation);

    internal static Task WebappsAsync(WaSetup setup, Operation operation) => RunAsync(setup, new NodeSelection([], [WaNodeRole.Webapp]), operation);

    private static Task<IReadOnlyList<WaClientNode>> RunAsync(WaSetup setup, NodeSelection nodes, Operation operation) =>
        ClientLifecycle.RestartAsync(setup, nodes, setup.Counterpart, false, StartTimeout, operation);
}
