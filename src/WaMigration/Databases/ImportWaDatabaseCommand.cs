using System.Management.Automation;
using System.Security;
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
public sealed class ImportWaDatabaseCommand : WaDatabaseServerCmdlet
{
    /// <summary>The folder that Export-WaDatabase wrote.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The password of an encrypted archive.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <summary>Leaves out waweb, the store of the web application (users, tokens).</summary>
    [Parameter]
    public SwitchParameter ExcludeWaweb { get; set; }

    /// <summary>Tables whose rows are left out, as the server writes their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeTable { get; set; } = [];

    /// <summary>How many parts are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Brings databases that are there up to date: tables that differ are loaded anew.</summary>
    [Parameter]
    public SwitchParameter Update { get; set; }

    /// <summary>Carries owners and grants; the archive must hold them, and the server must have their roles.</summary>
    [Parameter]
    public SwitchParameter IncludeOwner { get; set; }

    /// <summary>Leaves out the comparison of all rows at the end.</summary>
    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var server = await ServerAsync().ConfigureAwait(false);
        var path = ResolvePath(Path);
        if (!await ConfirmAsync(operation, server.ToString(), DatabaseActions.Import(path)).ConfigureAwait(false))
        {
            return;
        }

        var options = new CopyOptions
        {
            Databases = Database,
            ExcludeWaweb = ExcludeWaweb,
            ExcludeTables = ExcludeTable,
            ThrottleLimit = ThrottleLimit,
            Update = Update,
            IncludeOwner = IncludeOwner,
            SkipVerify = SkipVerify,
        };
        await ArchiveImporter.ImportAsync(path, EncryptionPassword?.Reveal(), server, options, Output, operation).ConfigureAwait(false);
    }
}
