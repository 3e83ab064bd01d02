using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.TwoStep;

namespace WaMigration.Commands;

/// <summary>Turns two-step verification on, with a PIN that a new registration of the number would ask for.</summary>
[Cmdlet(VerbsLifecycle.Enable, "WaTwoStepVerification", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class EnableWaTwoStepVerificationCommand : WaSetupCmdlet
{
    /// <summary>Six digits.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNull]
    public SecureString Pin { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("EnableTwoStep")).ConfigureAwait(false))
        {
            await TwoStepVerification.EnableAsync(Setup, Pin, operation).ConfigureAwait(false);
        }
    }
}
