using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Tokens;

namespace WaMigration.Commands;

/// <summary>
/// Proves that a setup takes the token of a file, and goes on with the login that it was backed up by. Needed where waweb
/// was carried: users and passwords are those of the old setup then.
/// </summary>
[Cmdlet(VerbsData.Restore, "WaToken", SupportsShouldProcess = true)]
[OutputType(typeof(WaToken))]
public sealed class RestoreWaTokenCommand : WaSetupCmdlet
{
    /// <summary>The file that Backup-WaToken wrote.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The password of the file.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("RestoreToken", path)).ConfigureAwait(false))
        {
            return;
        }

        var token = await Tokens.RestoreAsync(Setup, path, Password, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(token);
        }
    }
}
