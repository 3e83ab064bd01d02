using System.Management.Automation.Host;

namespace WaMigration.Shell;

/// <summary>The terminal as the engine sees it: sizes, keys, the cursor. Cells cannot be read back from a terminal.</summary>
internal sealed class ShellRawUI(Terminal terminal, ConsoleInput input, InterruptHandler interrupts) : PSHostRawUserInterface
{
    private ConsoleColor _foreground = ConsoleColor.Gray;
    private ConsoleColor _background = ConsoleColor.Black;

    // Kept here only: a terminal's own colours stay as its user chose them, and are what most text is written in.
    public override ConsoleColor ForegroundColor
    {
        get => _foreground;
        set => _foreground = value;
    }

    public override ConsoleColor BackgroundColor
    {
        get => _background;
        set => _background = value;
    }

    public override Coordinates CursorPosition
    {
        get
        {
            if (!terminal.OutputIsTerminal || !terminal.InputIsTerminal)
            {
                return new Coordinates(0, 0);
            }

            var (left, top) = Console.GetCursorPosition();
            return new Coordinates(left, top);
        }

        set
        {
            if (terminal.SupportsLive)
            {
                Console.SetCursorPosition(value.X, value.Y);
            }
        }
    }

    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw NotPossible(nameof(WindowPosition));
    }

    public override int CursorSize
    {
        get => 25;
        set => throw NotPossible(nameof(CursorSize));
    }

    public override Size BufferSize
    {
        get => WindowSize;
        set => throw NotPossible(nameof(BufferSize));
    }

    public override Size WindowSize
    {
        get => new(terminal.Width, terminal.Height);
        set => throw NotPossible(nameof(WindowSize));
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override bool KeyAvailable => terminal.InputIsTerminal && Console.KeyAvailable;

    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() ? Console.Title : string.Empty;
        set
        {
            if (terminal.SupportsLive)
            {
                Console.Title = value;
            }
        }
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!terminal.InputIsTerminal)
        {
            throw NotPossible(nameof(ReadKey));
        }

        var key = input.ReadKey(interrupts.Token);
        if (!options.HasFlag(ReadKeyOptions.NoEcho))
        {
            terminal.Write(key.KeyChar.ToString());
        }

        var state = (key.Modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0)
            | (key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0);
        return new KeyInfo((int)key.Key, key.KeyChar, state, options.HasFlag(ReadKeyOptions.IncludeKeyDown));
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }
    }

    public override int LengthInBufferCells(char source) => CellWidth.Of(source);

    public override int LengthInBufferCells(string source) => CellWidth.Of(source);

    public override int LengthInBufferCells(string source, int offset) => CellWidth.Of(source[offset..]);

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotPossible(nameof(GetBufferContents));

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw NotPossible(nameof(ScrollBufferContents));

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
        throw NotPossible(nameof(SetBufferContents));

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // The one use that scripts make of it: clear everything.
        if (rectangle is not { Left: -1, Top: -1, Right: -1, Bottom: -1 })
        {
            throw NotPossible(nameof(SetBufferContents));
        }

        if (terminal.SupportsLive)
        {
            terminal.Write("\e[H\e[2J\e[3J");
        }
    }

    private static HostException NotPossible(string what) =>
        new(ShellText.Format(ShellText.NotPossibleHere, what));
}
