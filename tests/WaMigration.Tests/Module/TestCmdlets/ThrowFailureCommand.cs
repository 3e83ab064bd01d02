using System.Management.Automation;
using WaMigration.Commands;

namespace WaMigration.TestCmdlets;

/// <summary>Fails with a given exception, at the end or as one of several errors.</summary>
[Cmdlet(VerbsCommunications.Write, "TestFailure")]
public sealed class ThrowFailureCommand : WaCmdlet
{
    /// <summary>The failure; without it, an error of the module's own list.</summary>
    [Parameter(Position = 0)]
    public Exception? Failure { get; set; }

    /// <summary>Writes the error and goes on.</summary>
    [Parameter]
    public SwitchParameter GoOn { get; set; }

    /// <inheritdoc/>
    protected override Task RunAsync(Operation operation)
    {
        var failure = Failure ?? KnownFailure();
        if (!GoOn)
        {
            throw failure;
        }

        OutputError(failure);
        Output("went on");
        return Task.CompletedTask;
    }

    private static WaException KnownFailure() => new(
        new WaErrorKind("TestFailed", WaErrorCategory.SecurityError, new TextCatalog("None")),
        "It failed.",
        "Mend it.",
        "node-1",
        ["last line of the log"]);
}
