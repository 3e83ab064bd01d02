using System.Management.Automation;
using System.Runtime.CompilerServices;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Writes numbers as fast as it may, and counts how far it is ahead of who reads them.</summary>
[Cmdlet(VerbsCommunications.Write, "TestNumber")]
[OutputType(typeof(int))]
public sealed class WriteNumberCommand : WaCmdlet
{
    /// <summary>How many; endless without.</summary>
    [Parameter(Position = 0)]
    public int Count { get; set; } = int.MaxValue;

    /// <summary>Counts what was handed over.</summary>
    [Parameter]
    public StrongBox<int> Written { get; set; } = new();

    /// <summary>True once the work has ended, however it ended.</summary>
    [Parameter]
    public StrongBox<bool> Ended { get; set; } = new();

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        try
        {
            for (var i = 1; i <= Count; i++)
            {
                operation.Cancellation.ThrowIfCancellationRequested();
                Output(i);
                Interlocked.Increment(ref Written.Value);
                await Task.Yield();
            }
        }
        finally
        {
            Ended.Value = true;
        }
    }
}
