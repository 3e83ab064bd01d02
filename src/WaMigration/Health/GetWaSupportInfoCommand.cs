using System.Management.Automation;
using WaMigration.Setups.Information;

namespace WaMigration.Commands;

/// <summary>Shows what a client says of itself for support: version, number, schema versions, free space; one object for each node.</summary>
[Cmdlet(VerbsCommon.Get, "WaSupportInfo")]
[OutputType(typeof(PSObject))]
public sealed class GetWaSupportInfoCommand : WaSetupCmdlet
{
    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        foreach (var (node, fields) in await Statistics.GetSupportAsync(Setup, operation).ConfigureAwait(false))
        {
            var info = new PSObject();
            info.Properties.Add(new PSNoteProperty("Node", node));
            foreach (var property in PlainObjects.From(fields).Properties)
            {
                info.Properties.Add(property);
            }

            Output(info);
        }
    }
}
