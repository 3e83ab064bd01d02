using System.Management.Automation;
using WaMigration.Databases.Cluster;

namespace WaMigration.Commands;

/// <summary>
/// Removes from copied databases the rows that name hosts of the client which they were copied from, before the new client
/// starts on them: it would show those as nodes in error. Exactly these rows, in one transaction, and they are recorded.
/// </summary>
[Cmdlet(VerbsCommon.Clear, "WaClusterNode", SupportsShouldProcess = true)]
[OutputType(typeof(WaClusterCleanup))]
public sealed class ClearWaClusterNodeCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ClusterErrors.Phrase("ActionClean")).ConfigureAwait(false))
        {
            return;
        }

        var cleaned = await new ClusterCleaner(Setup, operation).RunAsync().ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(cleaned);
        }
    }
}
