using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Commands;

/// <summary>
/// Sets a certificate of a client from a PEM file: the authority of its webhook, or the one that its API shows (private
/// key, certificate, authority, in this order). It takes effect with a restart.
/// </summary>
[Cmdlet(VerbsCommon.Set, "WaCertificate", SupportsShouldProcess = true, DefaultParameterSetName = SetSet)]
[OutputType(typeof(void))]
public sealed class SetWaCertificateCommand : WaSetupCmdlet
{
    private const string SetSet = "Set";
    private const string RemoveSet = "Remove";
    private int kind;

    /// <summary>Webhook or External.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SetSet)]
    public WaCertificateKind Kind
    {
        get => (WaCertificateKind)kind;
        set => kind = (int)value;
    }

    /// <summary>The PEM file.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = SetSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Removes the webhook's CA certificate.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoveSet)]
    public SwitchParameter RemoveWebhookCa { get; set; }

    /// <summary>Restarts the Coreapps (webhook) or Webapps (external) afterwards.</summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = RemoveWebhookCa ? string.Empty : ResolvePath(Path);
        var action = RemoveWebhookCa ? ActionText.Phrase("RemoveCertificate") : ActionText.Phrase("SetCertificate", path);
        if (!await ConfirmAsync(operation, Setup.Name, action).ConfigureAwait(false))
        {
            return;
        }

        if (RemoveWebhookCa)
        {
            await Certificates.RemoveWebhookAsync(Setup, operation).ConfigureAwait(false);
        }
        else
        {
            await Certificates.SetAsync(Setup, Kind, path, operation).ConfigureAwait(false);
        }

        var isWebhook = RemoveWebhookCa || Kind == WaCertificateKind.Webhook;
        if (Restart)
        {
            await (isWebhook ? NodeRestart.CoreappsAsync(Setup, operation) : NodeRestart.WebappsAsync(Setup, operation)).ConfigureAwait(false);
        }
        else
        {
            operation.Console.Warning(isWebhook
                ? WebhookErrors.Phrase("WarnRestartCoreapps", Setup.Name, WebhookErrors.Phrase("WhatCa"))
                : WebhookErrors.Phrase("WarnRestartWebapps", Setup.Name));
        }
    }
}
