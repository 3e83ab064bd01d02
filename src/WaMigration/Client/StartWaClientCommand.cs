using System.Management.Automation;
using System.Management.Automation.Runspaces;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Starts the containers of a client: Masters, Coreapps, then the Webapp, and waits until the API answers. A client whose
/// databases carry a registration, or may, is started only when the other client of the number is proved stopped. One that is
/// not in Docker is started by a script block, under the same condition.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "WaClient", SupportsShouldProcess = true)]
[OutputType(typeof(WaClientNode))]
public sealed class StartWaClientCommand : WaNodesCmdlet
{
    private const string Wrapper = "param($Block, $Setup) $ErrorActionPreference = 'Stop'; & $Block $Setup";

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

    /// <summary>
    /// Starts a client that is not in Docker, all of it; it gets the setup. Its first error ends it. That it may have served is
    /// written down before.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Action { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Target, ContainerText.Catalog["ConfirmStart"]).ConfigureAwait(false))
        {
            return;
        }

        if (Action is null)
        {
            Output(await ClientLifecycle.StartAsync(Setup, Selection, Source, SourceStopped, TimeSpan.FromSeconds(TimeoutSec), operation).ConfigureAwait(false));
            return;
        }

        await ClientLifecycle.StartByAsync(Setup, Selection, Source, SourceStopped, () => OnPipelineThreadAsync(RunAction), operation).ConfigureAwait(false);
    }

    private bool RunAction()
    {
        InvokeCommand.InvokeScript(Wrapper, true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, Action, Setup);
        return true;
    }
}
