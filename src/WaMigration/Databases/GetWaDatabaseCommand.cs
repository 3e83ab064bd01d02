using System.Management.Automation;
using WaMigration.Databases;

namespace WaMigration.Commands;

/// <summary>Lists the databases of a client: store, size, sessions of others. One that only begins like them is Unclassified.</summary>
[Cmdlet(VerbsCommon.Get, "WaDatabase", DefaultParameterSetName = SetupSet)]
[OutputType(typeof(WaDatabase))]
public sealed class GetWaDatabaseCommand : WaDatabaseServerCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        await DatabaseInventory.ListAsync(await ServerAsync().ConfigureAwait(false), Database, Output, operation).ConfigureAwait(false);
}
