using System.Text;

namespace WaMigration.Shell;

/// <summary>
/// The way out of the process. Everything that is shown goes through here, so that the live lines at the
/// bottom (progress) are taken away before other text comes, and put back after it.
/// </summary>
internal sealed class Terminal
{
    private const int WidthWhenRedirected = 120;

    private readonly Lock _gate = new();
    private string _live = string.Empty;
    private int _shown;
    private int _holds;
    private bool _atLineStart = true;

    public Terminal()
    {
        // The rest of the world reads UTF-8, whatever the machine's locale says.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        InputIsTerminal = !Console.IsInputRedirected;
        OutputIsTerminal = !Console.IsOutputRedirected;
        ErrorIsTerminal = !Console.IsErrorRedirected;
        IsDumb = OutputIsTerminal && !UnderstandsEscapes();
        SupportsAnsi = OutputIsTerminal && !IsDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    public bool InputIsTerminal { get; }

    public bool OutputIsTerminal { get; }

    public bool ErrorIsTerminal { get; }

    /// <summary>Whether the terminal cannot move its cursor.</summary>
    public bool IsDumb { get; }

    /// <summary>Whether colours are wanted and can be shown.</summary>
    public bool SupportsAnsi { get; }

    /// <summary>Whether lines can be shown and taken away again.</summary>
    public bool SupportsLive => OutputIsTerminal && !IsDumb;

    /// <summary>The columns that text may fill.</summary>
    public int Width => OutputIsTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWhenRedirected;

    /// <summary>The rows of the window.</summary>
    public int Height => OutputIsTerminal && Console.WindowHeight > 0 ? Console.WindowHeight : 50;

    /// <summary>Writes to the standard output.</summary>
    public void Write(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            var atLineStart = text[^1] == '\n';
            var live = atLineStart && _holds == 0 ? _live : string.Empty;

            // One write for all three, so that the live lines do not flicker.
            Console.Out.Write(EraseLive() + text + live);
            _shown = CountLines(live);
            _atLineStart = atLineStart;
        }
    }

    /// <summary>Writes to the standard error.</summary>
    public void WriteError(string text)
    {
        lock (_gate)
        {
            Console.Out.Write(EraseLive());
            _shown = 0;
            if (!_atLineStart && ErrorIsTerminal && OutputIsTerminal)
            {
                Console.Out.WriteLine();
                _atLineStart = true;
            }

            Console.Error.Write(text);
            ShowLive();
        }
    }

    /// <summary>Replaces the live lines; an empty text takes them away.</summary>
    public void SetLive(string lines)
    {
        if (!SupportsLive)
        {
            return;
        }

        lock (_gate)
        {
            if (_live == lines && (_shown > 0 || lines.Length == 0))
            {
                return;
            }

            _live = lines;
            Console.Out.Write(EraseLive());
            _shown = 0;
            ShowLive();
        }
    }

    /// <summary>Takes the live lines away for as long as somebody else writes to the terminal: a question, a native command.</summary>
    public void HoldLive()
    {
        lock (_gate)
        {
            _holds++;
            Console.Out.Write(EraseLive());
            _shown = 0;
        }
    }

    /// <summary>Ends what <see cref="HoldLive"/> began.</summary>
    public void ReleaseLive()
    {
        lock (_gate)
        {
            _holds--;
            _atLineStart = true;
            ShowLive();
        }
    }

    // On Windows the asking also switches the understanding on.
    private static bool UnderstandsEscapes() => OperatingSystem.IsWindows()
        ? Spectre.Console.AnsiConsole.Profile.Capabilities.Ansi
        : !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);

    private void ShowLive()
    {
        // Behind an unfinished line (a question waiting for its answer) the live lines would overwrite it.
        if (_holds == 0 && _atLineStart && _live.Length > 0)
        {
            Console.Out.Write(_live);
            _shown = CountLines(_live);
        }
    }

    private string EraseLive() => _shown switch
    {
        0 => string.Empty,
        1 => "\r\e[J",
        _ => $"\r\e[{_shown - 1}A\e[J",
    };

    private static int CountLines(string text) => text.Length == 0 ? 0 : 1 + text.Count(c => c == '\n');
}
