using System.Management.Automation;
using System.Security;
using WaMigration.Setups;
using WaMigration.Setups.Settings;

namespace WaMigration.Commands;

/// <summary>
/// Restores a settings backup onto an unregistered client of the same topology, which serves the number from then on.
/// The client that served it before must be proved stopped. Contacts see a new security code, so restore once.
/// </summary>
[Cmdlet(VerbsData.Restore, "WaSettings", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RestoreWaSettingsCommand : WaSetupCmdlet
{
    /// <summary>The file that Backup-WaSettings wrote.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The password of the backup.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <summary>The client that served the number so far; it is proved stopped first.</summary>
    [Parameter]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <summary>States that the other client of the number is stopped, where that cannot be looked at. Recorded with name and time.</summary>
    [Parameter]
    public SwitchParameter SourceStopped { get; set; }

    /// <summary>Restores onto a client that is registered for the backup's number; its containers are restarted afterwards.</summary>
    [Parameter]
    public SwitchParameter AllowRegistered { get; set; }

    /// <summary>Shards of the new client, where it does not tell them before it is registered.</summary>
    [Parameter]
    [ValidateSet("1", "2", "4", "8", "16", "32")]
    public string? Shards { get; set; }

    /// <summary>
    /// After a request whose answer was lost, how long the client may still be working on it: only then does
    /// "unregistered" show that it was not taken.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int OutcomeWaitSec { get; set; } = 60;

    /// <summary>How long the client may take to tell whether it is registered; one that was just started tells nothing yet.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 20;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("Restore", path)).ConfigureAwait(false))
        {
            return;
        }

        var options = new RestoreOptions
        {
            AllowRegistered = AllowRegistered,
            Source = Source,
            SourceStoppedStatedBy = SourceStopped ? Environment.UserName : null,
            Shards = Shards is null ? null : int.Parse(Shards, System.Globalization.CultureInfo.InvariantCulture),
            SettleTimeout = TimeSpan.FromSeconds(TimeoutSec),
            OutcomeWait = TimeSpan.FromSeconds(OutcomeWaitSec),
        };
        await SettingsRestore.RunAsync(Setup, path, Password, options, operation).ConfigureAwait(false);
    }
}
