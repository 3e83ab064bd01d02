using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Users;

namespace WaMigration.Commands;

/// <summary>Removes a user of a client's API and ends its tokens.</summary>
[Cmdlet(VerbsCommon.Remove, "WaUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveWaUserCommand : WaSetupCmdlet
{
    /// <summary>User name.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("RemoveUser", Name)).ConfigureAwait(false))
        {
            await ApiUsers.RemoveAsync(Setup, Name, operation).ConfigureAwait(false);
        }
    }
}
