using System.Management.Automation;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>
/// Ends a migration whose steps are all done: it awaits the date from which the old databases may go, 14 days from now.
/// </summary>
[Cmdlet(VerbsLifecycle.Complete, "WaMigration", SupportsShouldProcess = true)]
[OutputType(typeof(WaMigration))]
public sealed class CompleteWaMigrationCommand : WaCmdlet
{
    /// <summary>The migration, from Start-WaMigration.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public WaMigration Migration { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Migration.Path, MyInvocation.MyCommand.Name).ConfigureAwait(false))
        {
            return;
        }

        MigrationCompletion.Complete(Migration.Run, operation);
        Migration.Dispose();
        Output(Migration);
    }
}
