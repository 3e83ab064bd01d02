using System.Management.Automation;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Uses every stream, in an order that can be checked.</summary>
[Cmdlet(VerbsCommunications.Write, "TestTalk")]
public sealed class WriteTalkCommand : WaCmdlet
{
    /// <summary>Progress records to ask for.</summary>
    [Parameter(Position = 0)]
    public int Steps { get; set; } = 1000;

    /// <inheritdoc/>
    protected override Task RunAsync(Operation operation)
    {
        operation.Console.Verbose("begin");
        for (var i = 0; i < Steps; i++)
        {
            operation.Console.Progress(new WaProgress("Talking", $"step {i}", i * 100 / Steps));
        }

        operation.Console.Progress(new WaProgress("Talking", string.Empty, 100, IsCompleted: true));
        operation.Console.Warning("careful");
        Output("end");
        return Task.CompletedTask;
    }
}
