using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>
/// Shows the containers of a client on all Docker hosts of its setup: Masters, Coreapps, Webapps, and a database server
/// if one runs beside them.
/// </summary>
[Cmdlet(VerbsCommon.Get, "WaClient")]
[OutputType(typeof(WaClientNode))]
public sealed class GetWaClientCommand : WaSetupCmdlet
{
    /// <summary>Only containers of these names.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Only containers that do this: Master, Coreapp, Webapp, Database.</summary>
    [Parameter]
    public WaNodeRole[] Role { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        var inventory = await ClientLifecycle.ReadAsync(Setup, operation).ConfigureAwait(false);
        var patterns = Name.Select(name => WildcardPattern.Get(name, WildcardOptions.None)).ToList();
        foreach (var node in inventory.Nodes)
        {
            if ((patterns.Count == 0 || patterns.Exists(pattern => pattern.IsMatch(node.Name)))
                && (Role.Length == 0 || Role.Contains(node.Role)))
            {
                Output(node);
            }
        }
    }
}
