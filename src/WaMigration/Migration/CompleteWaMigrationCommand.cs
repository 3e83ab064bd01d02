using System.Management.Automation;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>
/// Ends a migration whose steps are all done: it awaits the date from which the old databases may go, 14 days from now.
/// With -HandOver, ends this company's part instead, and writes what the other one needs to go on.
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "WaMigration", SupportsShouldProcess = true)]
[OutputType(typeof(WaMigration))]
public sealed class CompleteWaMigrationCommand : WaCmdlet
{
    /// <summary>The migration, from Start-WaMigration.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public WaMigration Migration { get; set; } = null!;

    /// <summary>Hands over to the other company.</summary>
    [Parameter]
    public SwitchParameter HandOver { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Migration.Path, MyInvocation.MyCommand.Name).ConfigureAwait(false))
        {
            return;
        }

        if (HandOver)
        {
            await Migrations.HandOver.GiveAsync(Migration.Run, operation).ConfigureAwait(false);
        }
        else
        {
            await MigrationCompletion.CompleteAsync(Migration.Run, operation).ConfigureAwait(false);
        }

        Migration.Dispose();
        Output(Migration);
    }
}
