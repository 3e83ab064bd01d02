using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Users;

namespace WaMigration.Commands;

/// <summary>Changes the password of a user of a client's API.</summary>
[Cmdlet(VerbsCommon.Set, "WaUser", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SetWaUserCommand : WaSetupCmdlet
{
    /// <summary>User name.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The new password: 8 to 64 characters with a digit, an upper-case and a lower-case letter and a special character.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("ChangeUser", Name)).ConfigureAwait(false))
        {
            await ApiUsers.ChangeAsync(Setup, Name, Password, operation).ConfigureAwait(false);
        }
    }
}
