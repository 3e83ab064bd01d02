using System.Management.Automation;
using System.Security;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Removes the containers of a client, and nothing else: its databases, volumes (media, data, anonymous ones), networks
/// and images stay. Before, what waits is delivered, and the definitions of the containers are saved where asked for.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "WaClient", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(WaClientRemoval))]
public sealed class RemoveWaClientCommand : WaSetupCmdlet
{
    /// <summary>Says aloud that the databases stay. They do so without it, too.</summary>
    [Parameter]
    public SwitchParameter KeepDatabase { get; set; }

    /// <summary>
    /// File for the full definitions of the containers, without which there is no way back: written, read back and
    /// compared before the first container goes. One that is there and holds them is kept.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DefinitionPath { get; set; }

    /// <summary>The password that seals the definitions.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? DefinitionPassword { get; set; }

    /// <summary>How long pending messages and callbacks may take: with the API up, and once more after it was stopped.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int DrainTimeoutSec { get; set; } = 60;

    /// <summary>Removes it though messages or callbacks were not delivered; they stay in the old database.</summary>
    [Parameter]
    public SwitchParameter AllowUndelivered { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ContainerText.Catalog["ConfirmRemove"]).ConfigureAwait(false))
        {
            return;
        }

        var options = new RemoveOptions
        {
            DefinitionPath = DefinitionPath is null ? null : ResolvePath(DefinitionPath),
            DefinitionPassword = DefinitionPassword,
            DrainTimeout = TimeSpan.FromSeconds(DrainTimeoutSec),
            AllowUndelivered = AllowUndelivered,
        };
        var removal = await ClientRemover.RunAsync(Setup, options, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(removal);
        }
    }
}
