using System.Management.Automation;
using WaMigration.Migrations.Reports;

namespace WaMigration.Commands;

/// <summary>
/// Writes the report of a migration into one file: what moved, before the downtime and within it, the steps, the downtimes,
/// the checks, and what is left to do. The migration is only read, also while another process runs it.
/// </summary>
[Cmdlet(VerbsData.Export, "WaMigrationReport", SupportsShouldProcess = true)]
[OutputType(typeof(WaMigrationReport))]
public sealed class ExportWaMigrationReportCommand : WaCmdlet
{
    // A number, since a field of an engine's enum would make the import load the engine.
    private int? format;

    /// <summary>The migration's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The file to write, or a folder for it; the migration's own folder by default.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    /// <summary>How it is written; by default what the extension of the file says.</summary>
    [Parameter]
    public WaReportFormat Format { get => (WaReportFormat)(format ?? 0); set => format = (int)value; }

    /// <summary>Replaces a report that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var target = ReportPath is null ? null : ResolvePath(ReportPath);
        var folder = ResolvePath(Path);
        if (await ConfirmAsync(operation, target ?? folder, ReportText.Catalog["WriteReport"]).ConfigureAwait(false)
            && ReportFile.Write(folder, target, (WaReportFormat?)format, Force, operation) is { } report)
        {
            Output(report);
        }
    }
}
