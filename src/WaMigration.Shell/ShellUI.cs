using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace WaMigration.Shell;

/// <summary>What the engine shows to a person, and what it asks.</summary>
internal sealed class ShellUI : PSHostUserInterface, IHostUISupportsMultipleChoiceSelection
{
    private readonly Terminal _terminal;
    private readonly LineReader _reader;
    private readonly ProgressView _progress;
    private readonly FieldPrompter _fields;
    private readonly ChoicePrompter _choices;
    private readonly bool _nonInteractive;

    public ShellUI(Terminal terminal, LineReader reader, ProgressView progress, ShellRawUI rawUI, bool nonInteractive)
    {
        _terminal = terminal;
        _reader = reader;
        _progress = progress;
        _nonInteractive = nonInteractive;
        _fields = new FieldPrompter(this);
        _choices = new ChoicePrompter(this);
        RawUI = rawUI;
    }

    public override PSHostRawUserInterface RawUI { get; }

    /// <summary>
    /// Whether all that is written belongs to an error. The engine marks the errors that its own commands write; one that
    /// ended a pipeline comes to the host, and passes the formatter as an object like others.
    /// </summary>
    public bool WritesError { get; set; }

    public override bool SupportsVirtualTerminal => _terminal.SupportsAnsi;

    public override void Write(string value) => _terminal.Write(Decorated(value));

    public override void WriteLine(string value)
    {
        if (WritesError)
        {
            WriteErrorLine(value);
        }
        else
        {
            _terminal.Write(Decorated(value) + Environment.NewLine);
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        _terminal.Write(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        _terminal.Write(Coloured(foregroundColor, backgroundColor, value) + Environment.NewLine);

    public override void WriteErrorLine(string value) => _terminal.WriteError(
        GetOutputString(value ?? string.Empty, SupportsVirtualTerminal && _terminal.ErrorIsTerminal) + Environment.NewLine);

    public override void WriteWarningLine(string message) =>
        WriteStyled(FormatStyle.Warning, ShellText.WarningLine, message);

    public override void WriteVerboseLine(string message) =>
        WriteStyled(FormatStyle.Verbose, ShellText.VerboseLine, message);

    public override void WriteDebugLine(string message) =>
        WriteStyled(FormatStyle.Debug, ShellText.DebugLine, message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(sourceId, record);

    public override string ReadLine()
    {
        RefuseIfNonInteractive();
        return Ask(string.Empty) ?? string.Empty;
    }

    public override SecureString ReadLineAsSecureString()
    {
        RefuseIfNonInteractive();
        return AskSecret(string.Empty) ?? new SecureString();
    }

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions)
    {
        RefuseIfNonInteractive();
        return _fields.Ask(caption, message, descriptions);
    }

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseIfNonInteractive();
        return _choices.AskOne(caption, message, choices, defaultChoice);
    }

    public Collection<int> PromptForChoice(
        string? caption, string? message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaultChoices)
    {
        RefuseIfNonInteractive();
        return _choices.AskSeveral(caption, message, choices, defaultChoices);
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) => PromptForCredential(
            caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options)
    {
        RefuseIfNonInteractive();
        WriteHeading(caption, message);

        // The contract of the engine: no credential, where the person gave none.
        return AskCredential(userName)!;
    }

    /// <summary>Asks for a name, unless there is one, and its password.</summary>
    internal PSCredential? AskCredential(string? userName)
    {
        while (string.IsNullOrEmpty(userName))
        {
            userName = Ask(ShellText.CredentialUser);
            if (userName is null)
            {
                return null;
            }
        }

        var password = AskSecret(ShellText.Format(ShellText.CredentialPassword, userName));
        return password is null ? null : new PSCredential(userName, password);
    }

    /// <summary>Shows a question and reads a line; null at the end of the input.</summary>
    internal string? Ask(string question) => WithoutProgress(() =>
    {
        _reader.Prepare();
        _terminal.Write(question);
        return _reader.ReadLine(question);
    });

    /// <summary>Shows a question and reads a line that nobody may see; null at the end of the input.</summary>
    internal SecureString? AskSecret(string question) => WithoutProgress(() =>
    {
        _reader.Prepare();
        _terminal.Write(question);
        return _reader.ReadSecret(question);
    });

    internal void WriteHeading(string? caption, string? message)
    {
        if (!string.IsNullOrEmpty(caption))
        {
            WriteLine();
            WriteLine(Emphasised(caption));
        }

        if (!string.IsNullOrEmpty(message))
        {
            WriteLine(message);
        }
    }

    /// <summary>A text as headings and defaults are shown, where there are colours.</summary>
    internal string Emphasised(string text) => SupportsVirtualTerminal
        ? PSStyle.Instance.Bold + text + PSStyle.Instance.BoldOff
        : text;

    private T WithoutProgress<T>(Func<T> ask)
    {
        _terminal.HoldLive();
        try
        {
            return ask();
        }
        catch (OperationCanceledException e)
        {
            // How a host tells the engine that the person broke off.
            throw new PipelineStoppedException(ShellText.PromptCanceled, e);
        }
        finally
        {
            _terminal.ReleaseLive();
        }
    }

    private void RefuseIfNonInteractive()
    {
        if (_nonInteractive)
        {
            throw new PSInvalidOperationException(ShellText.NotInteractive);
        }
    }

    private void WriteStyled(FormatStyle style, string format, string message)
    {
        var text = ShellText.Format(format, message);
        WriteLine(SupportsVirtualTerminal
            ? GetFormatStyleString(style) + text + GetFormatStyleString(FormatStyle.Reset)
            : text);
    }

    private string Decorated(string? value) => GetOutputString(value ?? string.Empty, SupportsVirtualTerminal);

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string? value)
    {
        var text = Decorated(value);
        if (!SupportsVirtualTerminal || text.Length == 0)
        {
            return text;
        }

        // The colours that the engine found here mean "as the terminal is"; only others are asked for.
        var before = (foreground == RawUI.ForegroundColor ? string.Empty : PSStyle.MapForegroundColorToEscapeSequence(foreground))
            + (background == RawUI.BackgroundColor ? string.Empty : PSStyle.MapBackgroundColorToEscapeSequence(background));
        return before.Length == 0 ? text : before + text + PSStyle.Instance.Reset;
    }
}
