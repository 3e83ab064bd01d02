using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>
/// Backs up the settings of a client, its registration and its encryption keys included, into a file that only its
/// owner can read and only the password opens. The file is read back and opened before it counts.
/// </summary>
[Cmdlet(VerbsData.Backup, "WaSettings", SupportsShouldProcess = true)]
[OutputType(typeof(WaSettingsBackup))]
public sealed class BackupWaSettingsCommand : WaSetupCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The password that the backup is made and sealed under. It is needed to restore.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("Backup", path)).ConfigureAwait(false))
        {
            return;
        }

        var backup = await SettingsBackup.RunAsync(Setup, path, Password, Force, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(backup);
        }
    }
}
