using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Restarts containers of a client, as some settings and certificates need it, one role after the other, and waits until
/// they are up and the API answers.
/// </summary>
[Cmdlet(VerbsLifecycle.Restart, "WaClient", SupportsShouldProcess = true)]
[OutputType(typeof(WaClientNode))]
public sealed class RestartWaClientCommand : WaNodesCmdlet
{
    /// <summary>The other client of the same number; it is proved stopped first where nothing of this one runs.</summary>
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
        if (await ConfirmAsync(operation, Target, ContainerText.Catalog["ConfirmRestart"]).ConfigureAwait(false))
        {
            Output(await ClientLifecycle.RestartAsync(Setup, Selection, Source, SourceStopped, TimeSpan.FromSeconds(TimeoutSec), operation).ConfigureAwait(false));
        }
    }
}
