using System.Management.Automation;
using WaMigration.Databases.Copying;

namespace WaMigration.Commands;

/// <summary>
/// Compares the databases of a client on two servers: every object by its definition, every counter by its position, every
/// table by the digest of all its rows. Nothing is written anywhere.
/// </summary>
[Cmdlet(VerbsData.Compare, "WaDatabase", DefaultParameterSetName = SetupToSetup)]
[OutputType(typeof(WaTableComparison))]
public sealed class CompareWaDatabaseCommand : WaDatabasePairCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var (source, destination) = await ServersAsync().ConfigureAwait(false);
        var options = new CopyOptions
        {
            Databases = Database,
            ExcludeWaweb = ExcludeWaweb,
            ExcludeTables = ExcludeTable,
            ThrottleLimit = ThrottleLimit,
            IncludeOwner = IncludeOwner,
        };
        await DatabaseComparer.RunAsync(source, destination, options, Output, operation).ConfigureAwait(false);
    }
}
