using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.TwoStep;

namespace WaMigration.Commands;

/// <summary>Turns two-step verification off. Whether it was on cannot be read.</summary>
[Cmdlet(VerbsLifecycle.Disable, "WaTwoStepVerification", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class DisableWaTwoStepVerificationCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("DisableTwoStep")).ConfigureAwait(false))
        {
            await TwoStepVerification.DisableAsync(Setup, operation).ConfigureAwait(false);
        }
    }
}
