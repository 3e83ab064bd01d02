using System.Management.Automation;
using WaMigration.Migrations;

namespace WaMigration.Commands;

/// <summary>
/// Says where a migration stands, which side serves the number, the next command, and the way back. Needs no setup
/// connected, and works while another process runs the migration.
/// </summary>
[Cmdlet(VerbsCommon.Get, "WaMigration")]
[OutputType(typeof(WaMigration))]
public sealed class GetWaMigrationCommand : WaCmdlet
{
    /// <summary>The migration's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The old setup, to be asked whether it serves the number.</summary>
    [Parameter]
    public WaSetup? Source { get; set; }

    /// <summary>The new setup, to be asked whether it serves the number.</summary>
    [Parameter]
    public WaSetup? Destination { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        Output(await MigrationReader.ReadAsync(ResolvePath(Path), Source, Destination, operation).ConfigureAwait(false));
}
