using System.Management.Automation;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Commands;

/// <summary>Shows the webhook of a client: address, statuses that are sent, requests at a time, CA certificate.</summary>
[Cmdlet(VerbsCommon.Get, "WaWebhook")]
[OutputType(typeof(WaWebhook))]
public sealed class GetWaWebhookCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        Output(await WebhookSettings.GetAsync(Setup, operation).ConfigureAwait(false));
}
