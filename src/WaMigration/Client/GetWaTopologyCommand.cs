using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Reads the shape of a client: Masters, Coreapps, Webapps, shards, version, database engine. Numbers that nothing tells
/// are empty. A migration needs them equal on both sides.
/// </summary>
[Cmdlet(VerbsCommon.Get, "WaTopology")]
[OutputType(typeof(WaTopology))]
public sealed class GetWaTopologyCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) =>
        Output(await TopologyReader.ReadAsync(Setup, operation).ConfigureAwait(false));
}
