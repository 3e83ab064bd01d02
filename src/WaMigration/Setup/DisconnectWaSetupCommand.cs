using System.Management.Automation;
using WaMigration.Setups;

namespace WaMigration.Commands;

/// <summary>Logs out of a setup's API, which ends the token in use and no other, and closes its connections.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "WaSetup", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisconnectWaSetupCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("Disconnect")).ConfigureAwait(false))
        {
            await SetupConnector.DisconnectAsync(Setup, operation).ConfigureAwait(false);
        }
    }
}
