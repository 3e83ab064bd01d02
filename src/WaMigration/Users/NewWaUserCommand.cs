using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Users;

namespace WaMigration.Commands;

/// <summary>Creates a user of a client's API.</summary>
[Cmdlet(VerbsCommon.New, "WaUser", SupportsShouldProcess = true)]
[OutputType(typeof(WaUser))]
public sealed class NewWaUserCommand : WaSetupCmdlet
{
    /// <summary>User name: 4 to 32 letters, digits and - . _ ~</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>Password: 8 to 64 characters with a digit, an upper-case and a lower-case letter and a special character.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("AddUser", Name)).ConfigureAwait(false))
        {
            return;
        }

        await ApiUsers.AddAsync(Setup, Name, Password, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(await ApiUsers.GetAsync(Setup, Name, operation).ConfigureAwait(false));
        }
    }
}
