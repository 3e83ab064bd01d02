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

    /// <summary>
    /// Only goes on with the login, and does not ask whether the token is taken: it may have ended since. Nothing on the setup
    /// changes, so that it is done under -WhatIf, too.
    /// </summary>
    [Parameter]
    public SwitchParameter SessionOnly { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (SessionOnly)
        {
            await Tokens.AdoptAsync(Setup, path, Password, operation).ConfigureAwait(false);
            return;
        }

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
