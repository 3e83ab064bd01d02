using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>Runs pipelines so that their output and their errors are shown, and so that they can be interrupted.</summary>
internal sealed class PipelineRunner(Runspace runspace, ShellUI ui, InterruptHandler interrupts, ProgressView progress)
{
    /// <summary>What <c>$?</c> says.</summary>
    public bool LastStatementSucceeded => runspace.SessionStateProxy.GetVariable("?") is true;

    /// <summary>An empty pipeline.</summary>
    public Pipeline Create(bool nested) => nested ? runspace.CreateNestedPipeline() : runspace.CreatePipeline();

    /// <summary>A pipeline of script text, which the engine keeps in its history.</summary>
    public Pipeline Create(string text, bool nested) => nested
        ? runspace.CreateNestedPipeline(text, addToHistory: true)
        : runspace.CreatePipeline(text, addToHistory: true);

    /// <summary>Runs a pipeline to its end.</summary>
    /// <returns>Whether it came to its end, without an error that stopped it.</returns>
    public bool Run(Pipeline pipeline, bool nested)
    {
        // Errors travel with the output, so that both are shown in the order in which they came.
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(OutDefault());
        try
        {
            using (interrupts.Watch(pipeline))
            {
                pipeline.Input.Close();
                pipeline.Invoke();
            }

            return true;
        }
        catch (Exception e) when (e is PipelineStoppedException
            || (e is InvalidPipelineStateException && interrupts.ExitCode is not null))
        {
            // Stopped while it ran, or before it began to.
            return false;
        }
        catch (IncompleteParseException)
        {
            // It says no position, which the formatter cannot do without.
            Parser.ParseInput(pipeline.Commands[0].CommandText, out _, out var errors);
            Report(new ParseException(errors), nested);
            return false;
        }
        catch (Exception e)
        {
            // Whatever a script or a cmdlet throws ends here: it is shown, and the exit code says so.
            progress.Clear();
            Report(e, nested);
            return false;
        }
        finally
        {
            progress.Clear();
            pipeline.Dispose();
        }
    }

    /// <summary>The last text that a command writes; nothing of it is shown.</summary>
    public string? Evaluate(string command, bool nested)
    {
        using var pipeline = Create(nested);
        pipeline.Commands.Add(new Command(command));
        using (interrupts.Watch(pipeline))
        {
            return pipeline.Invoke().LastOrDefault()?.ToString();
        }
    }

    /// <summary>Shows an exception as PowerShell shows errors.</summary>
    public void Report(Exception exception, bool nested)
    {
        var record = exception is IContainsErrorRecord { ErrorRecord: { } inner }
            ? inner
            : new ErrorRecord(exception, "ShellCommandFailed", ErrorCategory.NotSpecified, null);
        using var pipeline = Create(nested);
        pipeline.Commands.Add(OutDefault());
        pipeline.Input.Write(record);
        pipeline.Input.Close();
        ui.WritesError = true;
        try
        {
            pipeline.Invoke();
        }
        finally
        {
            ui.WritesError = false;
        }
    }

    private static Command OutDefault() => new("Out-Default", isScript: false, useLocalScope: true)
    {
        MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
    };
}
