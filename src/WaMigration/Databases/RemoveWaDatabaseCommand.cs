using System.Management.Automation;
using WaMigration.Databases;
using WaMigration.Databases.Dropping;

namespace WaMigration.Commands;

/// <summary>
/// Drops the databases of the old client, once the migration is 14 days behind, the new client was seen Healthy all that
/// time, and a message was delivered. What the new client uses is never dropped.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "WaDatabase", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(WaDatabase))]
public sealed class RemoveWaDatabaseCommand : WaCmdlet
{
    /// <summary>The migration's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The old setup, whose databases go.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public WaSetup Source { get; set; } = null!;

    /// <summary>The new setup, whose databases stay whatever is asked.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public WaSetup Destination { get; set; } = null!;

    /// <summary>Names of databases; all of the old client's stores by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Database { get; set; } = [];

    /// <summary>A person says that messages of the new client are delivered; it is written down.</summary>
    [Parameter]
    public SwitchParameter DeliveryConfirmed { get; set; }

    /// <summary>Lifts the 14 days, and nothing else.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (await ConfirmAsync(operation, Source.Name, DatabaseText.Catalog.Format("DropAll", Source.Name)).ConfigureAwait(false))
        {
            await DatabaseDropper.RunAsync(ResolvePath(Path), Source, Destination, Database, DeliveryConfirmed, Force, Output, operation).ConfigureAwait(false);
        }
    }
}
