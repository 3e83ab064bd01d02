using System.Globalization;
using System.Management.Automation;
using System.Security;
using WaMigration.Migrations.Checks;

namespace WaMigration.Commands;

/// <summary>
/// Makes the checks of one phase: Plan before anything is touched, Ready when the new side is up, CutOver right before
/// the old client goes, Stopped when it is gone, Served at the end. Changes nothing.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "WaMigration", DefaultParameterSetName = SetupsSet)]
[OutputType(typeof(WaCheck))]
public sealed class TestWaMigrationCommand : WaCmdlet
{
    private const string SetupsSet = "Setups";
    private const string MigrationSet = "Migration";

    // A number, since a field of an engine's enum would make the import load the engine.
    private int phase;

    /// <summary>The migration, from Start-WaMigration.</summary>
    [Parameter(ParameterSetName = MigrationSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public WaMigration Migration { get; set; } = null!;

    /// <summary>The old setup; needed without a migration only.</summary>
    [Parameter(ParameterSetName = SetupsSet)]
    public WaSetup? Source { get; set; }

    /// <summary>The new setup; needed without a migration only.</summary>
    [Parameter(ParameterSetName = SetupsSet)]
    public WaSetup? Destination { get; set; }

    /// <summary>The guide's option; needed without a migration only.</summary>
    [Parameter(ParameterSetName = SetupsSet)]
    [ValidateRange(1, 3)]
    public int Option { get; set; } = 1;

    /// <summary>Which checks.</summary>
    [Parameter(Mandatory = true)]
    public WaCheckPhase Phase { get => (WaCheckPhase)phase; set => phase = (int)value; }

    /// <summary>The password of the settings backup, which CutOver opens with it.</summary>
    [Parameter]
    public SecureString? BackupPassword { get; set; }

    /// <summary>States that the old client is stopped, where that cannot be looked at. Recorded with name and time.</summary>
    [Parameter]
    public SwitchParameter SourceStopped { get; set; }

    /// <summary>Shards of the new client, where it does not tell them before it is registered.</summary>
    [Parameter]
    [ValidateSet("1", "2", "4", "8", "16", "32")]
    public string? Shards { get; set; }

    /// <summary>How long to wait for the delivery of the test message (phase Served).</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>Ends with an error where a check failed or could not be made.</summary>
    [Parameter]
    public SwitchParameter Require { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var run = ParameterSetName == MigrationSet ? Migration.Run : null;
        var context = new CheckContext(run is null ? Source : run.Source, run is null ? Destination : run.Destination, run, BackupPassword, operation)
        {
            AskedOption = Option,
            SourceStoppedStated = SourceStopped,
            StatedShards = Shards is null ? null : int.Parse(Shards, CultureInfo.InvariantCulture),
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
        };
        var checks = await CheckRunner.RunAsync(Phase, context).ConfigureAwait(false);
        foreach (var check in checks)
        {
            Output(check);
        }

        if (Require)
        {
            CheckRunner.Require(Phase, checks, operation);
        }
    }
}
