using System.Management.Automation;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Asks from the worker: for confirmation, or a script block.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "TestQuestion", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class InvokeQuestionCommand : WaCmdlet
{
    /// <summary>Run on the pipeline thread once confirmed.</summary>
    [Parameter(Position = 0)]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>What is told as a change under -WhatIf.</summary>
    [Parameter]
    public string[] Change { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, "the target", "the action"))
        {
            Output("refused");
            return;
        }

        foreach (var change in Change)
        {
            if (operation.May(change, "change"))
            {
                Output("changed " + change);
            }
        }

        if (ScriptBlock is { } block)
        {
            try
            {
                Output(await OnPipelineThreadAsync(() => string.Join(",", block.Invoke())));
            }
            catch (RuntimeException failure)
            {
                Output("block failed: " + failure.Message);
                operation.Cancellation.ThrowIfCancellationRequested();
                throw;
            }
        }

        Output("done");
    }
}
