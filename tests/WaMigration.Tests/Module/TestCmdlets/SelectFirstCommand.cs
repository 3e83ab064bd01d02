using System.Management.Automation;

namespace WaMigration.TestCmdlets;

/// <summary>
/// What Select-Object -First does, which the engine alone does not have: passes some objects on and then stops the
/// commands before it, by PowerShell's own exception for that.
/// </summary>
[Cmdlet(VerbsCommon.Select, "TestFirst")]
public sealed class SelectFirstCommand : Cmdlet
{
    private int seen;

    /// <summary>The objects.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>How many.</summary>
    [Parameter(Position = 0)]
    public int Count { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++seen >= Count)
        {
            var type = typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
            throw (Exception)Activator.CreateInstance(type, this)!;
        }
    }
}
