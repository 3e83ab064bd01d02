using System.Management.Automation;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Leaves a task behind that writes when the command has ended.</summary>
[Cmdlet(VerbsCommunications.Write, "TestLate")]
public sealed class WriteLateCommand : WaCmdlet
{
    /// <summary>Releases the late writer.</summary>
    [Parameter(Mandatory = true)]
    public Task Go { get; set; } = null!;

    /// <summary>What the late writer met.</summary>
    [Parameter(Mandatory = true)]
    public TaskCompletionSource<Exception?> Met { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task RunAsync(Operation operation)
    {
        var console = operation.Console;
        _ = Go.ContinueWith(
            _ =>
            {
                try
                {
                    console.Verbose("too late");
                    Met.SetResult(null);
                }
                catch (InvalidOperationException refused)
                {
                    Met.SetResult(refused);
                }
            },
            TaskScheduler.Default);
        Output("ended");
        return Task.CompletedTask;
    }
}
