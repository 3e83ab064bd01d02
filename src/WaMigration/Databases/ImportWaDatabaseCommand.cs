using System.Management.Automation;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Commands;

/// <summary>
/// Imports an archive of databases. All its files are proved before the server is touched, and the digests of all rows
/// afterwards. An import that was cut goes on with the same command.
/// </summary>
[Cmdlet(VerbsData.Import, "WaDatabase", SupportsShouldProcess = true, DefaultParameterSetName = SetupSet)]
[OutputType(typeof(WaTableCopy))]
public sealed class ImportWaDatabaseCommand : WaDatabaseArchiveCmdlet
{
    // A number, since a field of an engine's enum would make the import load the engine.
    private int? method;

    /// <summary>The folder that Export-WaDatabase wrote.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The setup that the archive was exported from: an archive that its databases are not equal to any more is refused.</summary>
    [Parameter]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <summary>Brings databases that are there up to date: tables that differ are loaded anew.</summary>
    [Parameter]
    public SwitchParameter Update { get; set; }

    /// <summary>Leaves out the comparison of all rows at the end.</summary>
    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

    /// <summary>What moves the databases. The archive says it itself; one of another kind than named here is refused.</summary>
    [Parameter]
    public WaCopyMethod? Method { get => (WaCopyMethod?)method; set => method = (int?)value; }

    /// <summary>The folder of those tools; PATH by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UtilityPath { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var server = await ServerAsync().ConfigureAwait(false);
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, server.ToString(), DatabaseActions.Import(path)).ConfigureAwait(false))
        {
            return;
        }

        if (Source is { } source)
        {
            await ArchiveImporter.RequireCurrentAsync(path, EncryptionPassword?.Reveal(), DatabaseServers.Of(source), Selected(), operation).ConfigureAwait(false);
        }

        var options = Selected() with { Update = Update, SkipVerify = SkipVerify, Method = Method, UtilityFolder = UtilityPath is null ? null : ResolvePath(UtilityPath) };
        await CopyJournal.RunAsync(
            Setup,
            path,
            isLive: false,
            take => ArchiveImporter.ImportAsync(path, EncryptionPassword?.Reveal(), server, options, take, operation),
            Output,
            operation).ConfigureAwait(false);
    }
}
