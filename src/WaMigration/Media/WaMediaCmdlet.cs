using System.Management.Automation;
using WaMigration.Media;

namespace WaMigration.Commands;

/// <summary>A cmdlet that copies media.</summary>
public abstract class WaMediaCmdlet : WaCmdlet
{
    /// <summary>Compares contents by their hashes on both sides, not only names, sizes and times.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>What was chosen.</summary>
    private protected MediaOptions Selected(bool allowActiveClient = false) => new() { Verify = Verify, AllowActiveClient = allowActiveClient };
}
