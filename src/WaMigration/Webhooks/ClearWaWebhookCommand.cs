using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Commands;

/// <summary>
/// Turns the webhook of a client off: messages and statuses wait in its database from then on. In a migration the
/// record keeps what it was.
/// </summary>
[Cmdlet(VerbsCommon.Clear, "WaWebhook", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class ClearWaWebhookCommand : WaSetupCmdlet
{
    /// <summary>Also removes the CA certificate of the webhook.</summary>
    [Parameter]
    public SwitchParameter RemoveCaCertificate { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("ClearWebhook")).ConfigureAwait(false))
        {
            await WebhookSettings.ClearAsync(Setup, RemoveCaCertificate, operation).ConfigureAwait(false);
        }
    }
}
