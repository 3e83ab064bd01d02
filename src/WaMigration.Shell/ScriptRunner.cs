using System.Globalization;
using System.Management.Automation.Runspaces;
using System.Text;

namespace WaMigration.Shell;

/// <summary>Runs one script or one text, and says what the process ends with.</summary>
internal sealed class ScriptRunner(PipelineRunner runner, ShellHost host, InterruptHandler interrupts)
{
    /// <summary>Runs a script file with its arguments.</summary>
    public int RunFile(string path, IReadOnlyList<ScriptArgument> arguments)
    {
        var text = new StringBuilder("& $args[0]");
        List<object?> values = [path];
        foreach (var argument in arguments)
        {
            // Only names stand in the text: what a value holds is never read as script.
            text.Append(' ').Append(argument.Name);
            if (argument.HasValue)
            {
                text.Append(CultureInfo.InvariantCulture, $"$args[{values.Count}]");
                values.Add(argument.Value);
            }
        }

        // As text and not as a bare command, because only statements set $?. A script that calls exit leaves its number
        // in $LASTEXITCODE and $? false. One that wrote an error of its own leaves $? false too, and the number of
        // whichever program it ran last: that is never taken for a success. On one line, because the formatter shows
        // the lines of longer texts with each error.
        text.Append(CultureInfo.InvariantCulture, $"; if ($?) {{ exit 0 }}; if ($LASTEXITCODE) {{ exit $LASTEXITCODE }}; exit {ExitCodes.Failure}");
        var command = new Command(text.ToString(), isScript: true, useLocalScope: false);
        foreach (var value in values)
        {
            command.Parameters.Add(null, value);
        }

        var pipeline = runner.Create(nested: false);
        pipeline.Commands.Add(command);
        return Run(pipeline);
    }

    /// <summary>Runs a text.</summary>
    public int RunText(string text) => Run(runner.Create(text, nested: false));

    private int Run(Pipeline pipeline)
    {
        var ended = runner.Run(pipeline, nested: false);
        return interrupts.ExitCode
            ?? host.RequestedExitCode
            ?? (ended && runner.LastStatementSucceeded ? ExitCodes.Success : ExitCodes.Failure);
    }
}
