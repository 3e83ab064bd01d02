using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>Runs one script or one text, and says what the process ends with.</summary>
internal sealed class ScriptRunner(PipelineRunner runner, ShellHost host, InterruptHandler interrupts)
{
    /// <summary>Runs a script file with the words that followed it.</summary>
    public int RunFile(string path, IReadOnlyList<string> words)
    {
        // As text and not as a bare command, because only statements set $?. A script that calls exit leaves its number
        // in $LASTEXITCODE and $? false. One that wrote an error of its own leaves $? false too, and the number of
        // whichever program it ran last: that is never taken for a success. On one line, because the formatter shows
        // the lines of longer texts with each error.
        var quoted = CodeGeneration.EscapeSingleQuotedStringContent(path);
        var command = new Command(
            $"& '{quoted}' @args; if ($?) {{ exit 0 }}; if ($LASTEXITCODE) {{ exit $LASTEXITCODE }}; exit {ExitCodes.Failure}",
            isScript: true,
            useLocalScope: false);
        foreach (var parameter in ArgumentBinder.Bind(words, ScriptParameters.Of(path)))
        {
            command.Parameters.Add(parameter);
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
