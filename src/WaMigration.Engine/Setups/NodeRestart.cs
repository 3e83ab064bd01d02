using WaMigration.Containers;

namespace WaMigration.Setups;

/// <summary>Restarts what settings, certificates and restores need restarted.</summary>
internal static class NodeRestart
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    internal static Task AllAsync(WaSetup setup, Operation operation) => RunAsync(setup, NodeSelection.All, operation);

    internal static Task CoreappsAsync(WaSetup setup, Operation operation) => InTurnAsync(setup, WaNodeRole.Coreapp, operation);

    internal static Task WebappsAsync(WaSetup setup, Operation operation) => InTurnAsync(setup, WaNodeRole.Webapp, operation);

    /// <summary>One after the other where the number is served, so that the others go on with it; else all at once, which is quicker.</summary>
    private static async Task InTurnAsync(WaSetup setup, WaNodeRole role, Operation operation)
    {
        var serves = !operation.PlanOnly && (await HealthReader.ReadAsync(setup, operation).ConfigureAwait(false)).Status == WaHealthStatus.Healthy;
        await RunAsync(
            setup,
            new NodeSelection([], [role]),
            operation,
            serves ? () => HealthReader.WaitAsync(setup, StartTimeout, operation) : null).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<WaClientNode>> RunAsync(WaSetup setup, NodeSelection nodes, Operation operation, Func<Task>? afterEach = null) =>
        ClientLifecycle.RestartAsync(setup, nodes, setup.Counterpart, false, StartTimeout, operation, afterEach);
}
