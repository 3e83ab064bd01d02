using System.Management.Automation;
using WaMigration.Databases.Copying;

namespace WaMigration.Commands;

/// <summary>
/// Copies the databases of a client from one server to another, with no file between, and proves that they are equal. A
/// copy that was cut goes on with the same command; with -Update one that is there is brought up to date.
/// </summary>
[Cmdlet(VerbsCommon.Copy, "WaDatabase", SupportsShouldProcess = true, DefaultParameterSetName = SetupToSetup)]
[OutputType(typeof(WaTableCopy))]
public sealed class CopyWaDatabaseCommand : WaDatabasePairCmdlet
{
    // A number, since a field of an engine's enum would make the import load the engine.
    private int method;

    /// <summary>Brings databases that are there up to date: rows that differ are replaced, rows that are only there are removed.</summary>
    [Parameter]
    public SwitchParameter Update { get; set; }

    /// <summary>Goes on although others are on the databases. Repeat it with -Update once they are gone.</summary>
    [Parameter]
    public SwitchParameter AllowActiveClient { get; set; }

    /// <summary>Leaves out the comparison of all rows at the end.</summary>
    [Parameter]
    public SwitchParameter SkipVerify { get; set; }

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
        var (source, destination) = await ServersAsync().ConfigureAwait(false);
        if (!await ConfirmAsync(operation, destination.ToString(), DatabaseActions.Copy(source, Update)).ConfigureAwait(false))
        {
            return;
        }

        var options = Selected() with { Update = Update, AllowActiveClient = AllowActiveClient, SkipVerify = SkipVerify, Method = Method, UtilityFolder = UtilityPath is null ? null : ResolvePath(UtilityPath) };
        await CopyJournal.RunAsync(
            Destination,
            source.ToString(),
            AllowActiveClient,
            take => DatabaseCopier.RunAsync(source, destination, options, take, operation),
            Output,
            operation).ConfigureAwait(false);
    }
}
