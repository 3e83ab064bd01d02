using System.Security;

namespace WaMigration.Shell;

/// <summary>Reads answers: with the small editor where a person types, plainly where the input comes from elsewhere.</summary>
internal sealed class LineReader(Terminal terminal, ConsoleInput input, InterruptHandler interrupts)
{
    private readonly LineEditor _editor = new(terminal, input);

    /// <summary>Whether a person types on a terminal.</summary>
    public bool CanEdit => terminal.InputIsTerminal && terminal.SupportsLive;

    /// <summary>
    /// To be called before a question is shown: from then on the terminal does not echo by itself, so that an answer
    /// typed at once is shown once, and a secret not at all.
    /// </summary>
    public void Prepare()
    {
        if (CanEdit)
        {
            // Asking for a key sets the terminal up for reading keys, and leaves it so.
            _ = Console.KeyAvailable;
        }
    }

    /// <summary>A line behind a question that is already shown; null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">The person broke off.</exception>
    public string? ReadLine(string question) => CanEdit
        ? Edited(new LineEditorOptions { Prompt = question })
        : input.ReadLine(interrupts.Token);

    /// <summary>A command at the prompt, with history and completion.</summary>
    /// <exception cref="OperationCanceledException">The person broke off.</exception>
    public string? ReadCommand(LineEditorOptions options) => CanEdit
        ? _editor.Read(options, interrupts.Token)
        : input.ReadLine(interrupts.Token);

    /// <summary>A line that is never shown; null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">The person broke off.</exception>
    public SecureString? ReadSecret(string question)
    {
        var text = terminal.InputIsTerminal
            ? Edited(new LineEditorOptions { Prompt = question, Masked = true })
            : input.ReadLine(interrupts.Token);
        if (text is null)
        {
            return null;
        }

        var secret = new SecureString();
        foreach (var c in text)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        return secret;
    }

    private string? Edited(LineEditorOptions options)
    {
        try
        {
            return _editor.Read(options, interrupts.Token);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C typed as a key: the terminal sent no signal, so the pipeline is stopped here.
            if (interrupts.ExitCode is null)
            {
                interrupts.Interrupt(ExitCodes.Interrupted);
            }

            throw;
        }
    }
}
