using System.Management.Automation;
using System.Runtime.CompilerServices;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Waits until it is stopped, and takes a moment to clean up then.</summary>
[Cmdlet(VerbsLifecycle.Wait, "TestForever")]
public sealed class WaitForeverCommand : WaCmdlet
{
    /// <summary>Set when the wait has begun.</summary>
    [Parameter(Mandatory = true)]
    public TaskCompletionSource Started { get; set; } = null!;

    /// <summary>True once the work has ended and cleaned up.</summary>
    [Parameter]
    public StrongBox<bool> Ended { get; set; } = new();

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        Started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, operation.Cancellation);
        }
        finally
        {
            await Task.Delay(100, CancellationToken.None);
            Ended.Value = true;
        }
    }
}
