using System.Globalization;
using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Commands;

/// <summary>
/// Sets the webhook of a client. What is not given stays as it is. A new CA certificate and a new number of concurrent
/// requests take effect when the Coreapps are restarted.
/// </summary>
[Cmdlet(VerbsCommon.Set, "WaWebhook", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SetWaWebhookCommand : WaSetupCmdlet
{
    /// <summary>The address that the client sends to, https alone.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Uri? Uri { get; set; }

    /// <summary>A PEM file with the certificate authority of the receiver's certificate.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CaCertificatePath { get; set; }

    /// <summary>The same as text, for example from Get-WaWebhook of the old setup. A file that is given goes before it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? CaCertificate { get; set; }

    /// <summary>How many requests the client sends at the same time.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("6", "12", "18", "24")]
    public string? MaxConcurrentRequests { get; set; }

    /// <summary>Exactly these statuses of messages are sent: sent, delivered, read.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("sent", "delivered", "read")]
    public string[]? MessageStatus { get; set; }

    /// <summary>Restarts the Coreapps where the change needs it.</summary>
    [Parameter]
    public SwitchParameter RestartCoreapps { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("SetWebhook")).ConfigureAwait(false))
        {
            return;
        }

        var change = new WebhookChange
        {
            Uri = Uri,
            CaCertificate = CaCertificatePath is null
                ? (string.IsNullOrEmpty(CaCertificate) ? null : CaCertificate)
                : Certificates.Load(ResolvePath(CaCertificatePath)),
            MaxConcurrentRequests = MaxConcurrentRequests is null ? null : int.Parse(MaxConcurrentRequests, CultureInfo.InvariantCulture),
            MessageStatus = MessageStatus,
        };
        var restart = await WebhookSettings.SetAsync(Setup, change, operation).ConfigureAwait(false);
        if (restart.Count == 0)
        {
            return;
        }

        if (RestartCoreapps)
        {
            await NodeRestart.CoreappsAsync(Setup, operation).ConfigureAwait(false);
        }
        else
        {
            operation.Console.Warning(WebhookErrors.Phrase("WarnRestartCoreapps", Setup.Name, string.Join(", ", restart)));
        }
    }
}
