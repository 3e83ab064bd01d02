using System.Management.Automation;
using WaMigration.Containers;

namespace WaMigration.Commands;

/// <summary>A cmdlet that works on all or some of a client's containers.</summary>
public abstract class WaNodesCmdlet : WaSetupCmdlet
{
    /// <summary>Only the containers of these names; all where neither names nor roles are given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Only the containers that do this: Master, Coreapp, Webapp.</summary>
    [Parameter]
    [ValidateSet(nameof(WaNodeRole.Master), nameof(WaNodeRole.Coreapp), nameof(WaNodeRole.Webapp))]
    public WaNodeRole[] Role { get; set; } = [];

    internal NodeSelection Selection => new(Name, Role);

    /// <summary>What the confirmation names.</summary>
    internal string Target => Selection.IsAll
        ? Setup.Name
        : ContainerText.Catalog.Format("NodesOf", Setup.Name, string.Join(", ", Name.Concat(Role.Select(role => role.ToString()))));

    /// <summary>Writes each container to the pipeline.</summary>
    internal void Output(IEnumerable<WaClientNode> nodes)
    {
        foreach (var node in nodes)
        {
            Output((object)node);
        }
    }
}
