using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Tokens;

namespace WaMigration.Commands;

/// <summary>
/// Keeps an API token in a file that only its owner can read and only the password opens: by default one of a fresh login,
/// which lives its full 7 days. The file is read back and opened before it counts.
/// </summary>
[Cmdlet(VerbsData.Backup, "WaToken", SupportsShouldProcess = true, DefaultParameterSetName = LoginSet)]
[OutputType(typeof(WaTokenBackup))]
public sealed class BackupWaTokenCommand : WaSetupCmdlet
{
    private const string LoginSet = "Login";
    private const string TokenSet = "Token";

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The password that the file is sealed under.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <summary>The API user that logs in for the token; the setup's own by default.</summary>
    [Parameter(ParameterSetName = LoginSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>The token that the application uses now. It must be good, and lives no longer than it does.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>When that token ends, as its login said; read out of the token where it tells.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>How long the token must live at least: the migration and some more.</summary>
    [Parameter]
    [ValidateNotNull]
    public TimeSpan? RequiredDuration { get; set; }

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("BackupToken", path)).ConfigureAwait(false))
        {
            return;
        }

        var options = new TokenOptions
        {
            UserName = Credential?.UserName,
            UserPassword = Credential?.Password,
            Token = Token,
            ExpiresAt = ExpiresAt,
            RequiredDuration = RequiredDuration,
            Force = Force,
        };
        var backup = await TokenBackup.RunAsync(Setup, path, Password, options, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(backup);
        }
    }
}
