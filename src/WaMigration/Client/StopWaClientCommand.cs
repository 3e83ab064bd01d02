using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Stops the containers of a client: the Webapp first, then Coreapps and Masters together. From then on nothing is sent
/// or received.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "WaClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(WaClientNode))]
public sealed class StopWaClientCommand : WaNodesCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Target, ContainerText.Catalog["ConfirmStop"]).ConfigureAwait(false))
        {
            Output(await ClientLifecycle.StopAsync(Setup, Selection, operation).ConfigureAwait(false));
        }
    }
}
