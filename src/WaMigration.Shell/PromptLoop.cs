using System.Management.Automation;
using System.Management.Automation.Language;

namespace WaMigration.Shell;

/// <summary>Reads commands and runs them, one after the other, until the input ends or a command says <c>exit</c>.</summary>
internal sealed class PromptLoop(
    PipelineRunner runner,
    ShellHost host,
    LineReader reader,
    Terminal terminal,
    InterruptHandler interrupts,
    TabCompleter completer)
{
    private readonly List<string> _history = [];

    /// <summary>Reads commands, with or without a prompt.</summary>
    /// <returns>What the process ends with.</returns>
    public int Run(bool showPrompt)
    {
        // Where a person types, Ctrl+C breaks off a command and not the session.
        interrupts.EndsWhenIdle = !reader.CanEdit;
        var succeeded = true;
        while (ReadCommand(showPrompt, nested: false) is { } text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            succeeded = runner.Run(runner.Create(text, nested: false), nested: false) && runner.LastStatementSucceeded;
            if (host.RequestedExitCode is { } requested)
            {
                return requested;
            }

            if (interrupts.ExitCode is { } interrupted && (interrupts.EndsWhenIdle || interrupted == ExitCodes.Terminated))
            {
                return interrupted;
            }

            interrupts.Reset();
        }

        return succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }

    /// <summary>Gives a prompt inside a running pipeline; <c>exit</c> goes back to it.</summary>
    public void RunNested()
    {
        while (host.RequestedExitCode is null
            && interrupts.ExitCode is not ExitCodes.Terminated
            && ReadCommand(showPrompt: true, nested: true) is { } text)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                runner.Run(runner.Create(text, nested: true), nested: true);
                interrupts.Reset();
            }
        }

        host.ForgetExitRequest();
    }

    /// <summary>
    /// A command of one or more lines; null at the end of the input. Typed lines end where the command is complete.
    /// Lines from elsewhere end, once there is more than one, at an empty line, as in PowerShell: an <c>else</c> may follow.
    /// </summary>
    private string? ReadCommand(bool showPrompt, bool nested)
    {
        var text = string.Empty;
        while (true)
        {
            string? line;
            try
            {
                line = ReadLine(text.Length == 0 ? Prompt(showPrompt, nested) : Continuation(showPrompt), nested);
            }
            catch (OperationCanceledException)
            {
                interrupts.Reset();
                if (interrupts.ExitCode is not null)
                {
                    return null;
                }

                text = string.Empty;
                continue;
            }

            if (line is null)
            {
                return text.Length == 0 ? null : text;
            }

            var isBlock = text.Length > 0;
            text = isBlock ? text + "\n" + line : line;
            if (isBlock && !reader.CanEdit ? line.Length == 0 : !IsIncomplete(text))
            {
                return text;
            }
        }
    }

    private string? ReadLine(string prompt, bool nested)
    {
        reader.Prepare();
        terminal.Write(prompt);
        var line = reader.ReadCommand(new LineEditorOptions
        {
            Prompt = prompt,
            History = _history,
            Complete = (text, cursor) => completer.Complete(text, cursor, nested),
        });
        if (!string.IsNullOrWhiteSpace(line) && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
        }

        return line;
    }

    private string Prompt(bool show, bool nested)
    {
        if (!show)
        {
            return string.Empty;
        }

        try
        {
            var prompt = runner.Evaluate("prompt", nested);
            return string.IsNullOrEmpty(prompt) ? ShellText.DefaultPrompt : prompt;
        }
        catch (RuntimeException e)
        {
            runner.Report(e, nested);
            return ShellText.DefaultPrompt;
        }
    }

    private static string Continuation(bool show) => show ? ShellText.ContinuationPrompt : string.Empty;

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return errors.Any(e => e.IncompleteInput) || text.EndsWith('`');
    }
}
