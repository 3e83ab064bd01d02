using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Starts the containers of a client: Masters, Coreapps, then the Webapp, and waits until the API answers. A client whose
/// databases carry a registration, or may, is started only when the other client of the number is proved stopped.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "WaClient", SupportsShouldProcess = true)]
[OutputType(typeof(WaClientNode))]
public sealed class StartWaClientCommand : WaNodesCmdlet
{
    /// <summary>The other client of the same number; it is proved stopped first.</summary>
    [Parameter]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <summary>States that the other client of the number is stopped, where that cannot be looked at. Recorded with name and time.</summary>
    [Parameter]
    public SwitchParameter SourceStopped { get; set; }

    /// <summary>How long the API may take to answer.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 180;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Target, ContainerText.Catalog["ConfirmStart"]).ConfigureAwait(false))
        {
            Output(await ClientLifecycle.StartAsync(Setup, Selection, Source, SourceStopped, TimeSpan.FromSeconds(TimeoutSec), operation).ConfigureAwait(false));
        }
    }
}
