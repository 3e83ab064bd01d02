using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>Sets all application settings back to the client's defaults, the webhook included. Registration and keys stay.</summary>
[Cmdlet(VerbsCommon.Reset, "WaSettings", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class ResetWaSettingsCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("ResetSettings")).ConfigureAwait(false))
        {
            await ApplicationSettings.ResetAsync(Setup, operation).ConfigureAwait(false);
        }
    }
}
