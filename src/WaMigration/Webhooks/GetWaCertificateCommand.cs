using System.Management.Automation;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Commands;

/// <summary>Shows the certificates that a client holds: the authority of its webhook, and that of the API's own certificate.</summary>
[Cmdlet(VerbsCommon.Get, "WaCertificate")]
[OutputType(typeof(WaCertificate))]
public sealed class GetWaCertificateCommand : WaSetupCmdlet
{
    /// <summary>Webhook or External; both by default.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public WaCertificateKind[] Kind { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        foreach (var kind in Kind.Length == 0 ? [WaCertificateKind.Webhook, WaCertificateKind.External] : Kind)
        {
            foreach (var certificate in await Certificates.GetAsync(Setup, kind, operation).ConfigureAwait(false))
            {
                Output(certificate);
            }
        }
    }
}
