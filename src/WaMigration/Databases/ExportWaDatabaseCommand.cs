using System.Management.Automation;
using WaMigration.Databases.Archives;
using WaMigration.Security;

namespace WaMigration.Commands;

/// <summary>
/// Exports the databases of a client into a folder that psql and zstd alone can read, each part with its digest. An export
/// that was cut goes on with the same command.
/// </summary>
[Cmdlet(VerbsData.Export, "WaDatabase", SupportsShouldProcess = true, DefaultParameterSetName = SetupSet)]
[OutputType(typeof(WaDatabaseArchive))]
public sealed class ExportWaDatabaseCommand : WaDatabaseArchiveCmdlet
{
    // A number, since a field of an engine's enum would make the import load the engine.
    private int method;

    /// <summary>The folder of the archive; it is made.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>How hard the files are packed: 1 is fast, and on rows of keys and numbers as small as 3; 19 is small.</summary>
    [Parameter]
    [ValidateRange(1, 19)]
    public int CompressionLevel { get; set; } = 1;

    /// <summary>Goes on although others are on the databases. All databases are then as they were at one moment where the server has one (MySQL is locked for it, for three seconds at the most); else each by itself, and the manifest says so.</summary>
    [Parameter]
    public SwitchParameter AllowActiveClient { get; set; }

    /// <summary>What moves the databases: this module, or the engine's own dump tools (pg_dump and psql, mysqldump and mysql, mariadb-dump and mariadb).</summary>
    [Parameter]
    public WaCopyMethod Method { get => (WaCopyMethod)method; set => method = (int)value; }

    /// <summary>The folder of those tools; PATH by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UtilityPath { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var server = await ServerAsync().ConfigureAwait(false);
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, path, DatabaseActions.Export(server)).ConfigureAwait(false))
        {
            return;
        }

        var options = Selected() with { AllowActiveClient = AllowActiveClient, Method = Method, UtilityFolder = UtilityPath is null ? null : ResolvePath(UtilityPath) };
        if (await ArchiveExporter.RunAsync(server, path, EncryptionPassword?.Reveal(), CompressionLevel, options, operation).ConfigureAwait(false) is { } archive)
        {
            Output(archive);
        }
    }
}
