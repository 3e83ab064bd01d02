using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>A cmdlet that works on one setup.</summary>
public abstract class WaSetupCmdlet : WaCmdlet
{
    /// <summary>The setup, from Connect-WaSetup.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public WaSetup Setup { get; set; } = null!;
}
