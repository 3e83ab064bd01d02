using System.Management.Automation;
using WaMigration.Migrations;
using WaMigration.Setups;

namespace WaMigration.Commands;

/// <summary>
/// Says whether a client is well: Healthy, Starting or Unhealthy, with nodes and reasons. With -Wait it waits until it
/// is Healthy; where that does not happen in time, the error names the node, its state and the end of its log.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "WaHealth")]
[OutputType(typeof(WaHealth), typeof(bool))]
public sealed class TestWaHealthCommand : WaSetupCmdlet
{
    /// <summary>Waits until the client is Healthy.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: how long at most.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 300;

    /// <summary>Answers only $true (Healthy) or $false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>
    /// The migration that made this client, or its folder: what is seen is written down there. Ten days of it are wanted
    /// before Remove-WaDatabase drops the old databases.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? Migration { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        try
        {
            var health = Wait
                ? await HealthReader.WaitAsync(Setup, TimeSpan.FromSeconds(TimeoutSec), operation).ConfigureAwait(false)
                : await HealthReader.ReadAsync(Setup, operation).ConfigureAwait(false);
            if ((Migration is PSObject wrapped ? wrapped.BaseObject : Migration) is { } migration)
            {
                var open = migration as WaMigration;
                await MigrationNotes.ObserveAsync(open, ResolvePath(open?.Path ?? migration.ToString()!), health, operation).ConfigureAwait(false);
            }

            Output(Quiet ? health.Status == WaHealthStatus.Healthy : health);
        }
        catch (WaException failure) when (Quiet && HealthReader.IsAnswer(failure))
        {
            operation.Console.Verbose(failure.Message);
            Output(false);
        }
    }
}
