using System.Text;

namespace WaMigration.Shell;

/// <summary>A small editor for one line on a terminal.</summary>
internal sealed class LineEditor(Terminal terminal, ConsoleInput input)
{
    private readonly StringBuilder _text = new();
    private LineEditorOptions _options = new();
    private int _cursor;
    private int _cursorRow;
    private int _historyIndex;
    private string _draft = string.Empty;
    private Completions? _completions;
    private int _completion;
    private int _completedLength;

    /// <summary>Reads a line; null where the person ends the input.</summary>
    /// <exception cref="OperationCanceledException">The person broke off, or a signal did.</exception>
    public string? Read(LineEditorOptions options, CancellationToken cancellation)
    {
        _options = options;
        _text.Clear();
        _cursor = 0;
        _cursorRow = Rows(CellWidth.Of(LastLineOf(options.Prompt)));
        _historyIndex = options.History.Count;
        _completions = null;

        // Ctrl+C comes as a key while a line is edited, so that it ends the line and not what runs.
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                var key = input.ReadKey(cancellation);
                switch (Handle(key))
                {
                    case Outcome.Done:
                        MoveToEnd();
                        return _text.ToString();
                    case Outcome.EndOfInput:
                        MoveToEnd();
                        return null;
                    case Outcome.Broken:
                        MoveToEnd();
                        throw new OperationCanceledException();
                    default:
                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            _text.Clear();
        }
    }

    private Outcome Handle(ConsoleKeyInfo key)
    {
        if (key.Key != ConsoleKey.Tab)
        {
            _completions = null;
        }

        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
            case ConsoleKey.J when control:
                return Outcome.Done;
            case ConsoleKey.C when control:
                return Outcome.Broken;
            case ConsoleKey.D when control && _text.Length == 0:
                return Outcome.EndOfInput;
            case ConsoleKey.Tab:
                Complete(backwards: key.Modifiers.HasFlag(ConsoleModifiers.Shift));
                break;
            case ConsoleKey.UpArrow:
            case ConsoleKey.P when control:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
            case ConsoleKey.N when control:
                Recall(1);
                break;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when control:
                MoveTo(control && key.Key == ConsoleKey.LeftArrow ? WordStart() : _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when control:
                MoveTo(control && key.Key == ConsoleKey.RightArrow ? WordEnd() : _cursor + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                MoveTo(0);
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                MoveTo(_text.Length);
                break;
            case ConsoleKey.Backspace:
            case ConsoleKey.H when control:
                Remove(_cursor - 1, 1);
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when control:
                Remove(_cursor, 1);
                break;
            case ConsoleKey.W when control:
                Remove(WordStart(), _cursor - WordStart());
                break;
            case ConsoleKey.U when control:
                Remove(0, _cursor);
                break;
            case ConsoleKey.K when control:
                Remove(_cursor, _text.Length - _cursor);
                break;
            case ConsoleKey.Escape:
                Replace(string.Empty);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }

        return Outcome.GoOn;
    }

    private void Insert(char c)
    {
        if (char.IsControl(c))
        {
            return;
        }

        _text.Insert(_cursor++, c);
        if (_cursor == _text.Length && !AtRightEdge())
        {
            terminal.Write(_options.Masked ? "*" : c.ToString());
        }
        else
        {
            Repaint();
        }
    }

    private void Remove(int start, int length)
    {
        if (start < 0 || length <= 0 || start + length > _text.Length)
        {
            return;
        }

        _text.Remove(start, length);
        _cursor = start;
        Repaint();
    }

    private void Replace(string text)
    {
        _text.Clear().Append(text);
        _cursor = text.Length;
        Repaint();
    }

    private void MoveTo(int position)
    {
        _cursor = Math.Clamp(position, 0, _text.Length);
        Repaint();
    }

    private void MoveToEnd()
    {
        if (_cursor < _text.Length)
        {
            MoveTo(_text.Length);
        }

        terminal.Write(Environment.NewLine);
    }

    private void Recall(int step)
    {
        var index = _historyIndex + step;
        if (index < 0 || index > _options.History.Count)
        {
            return;
        }

        if (_historyIndex == _options.History.Count)
        {
            _draft = _text.ToString();
        }

        _historyIndex = index;
        Replace(index == _options.History.Count ? _draft : _options.History[index]);
    }

    private void Complete(bool backwards)
    {
        if (_completions is null)
        {
            _completions = _options.Complete?.Invoke(_text.ToString(), _cursor);
            _completion = backwards ? 0 : -1;
            _completedLength = _completions?.Length ?? 0;
        }

        if (_completions is not { Texts.Count: > 0 } found)
        {
            _completions = null;
            return;
        }

        _completion = (_completion + (backwards ? found.Texts.Count - 1 : 1)) % found.Texts.Count;
        var text = found.Texts[_completion];
        _text.Remove(found.Start, _completedLength).Insert(found.Start, text);
        _completedLength = text.Length;
        _cursor = found.Start + text.Length;
        Repaint();
    }

    private int WordStart()
    {
        var i = _cursor;
        while (i > 0 && char.IsWhiteSpace(_text[i - 1]))
        {
            i--;
        }

        while (i > 0 && !char.IsWhiteSpace(_text[i - 1]))
        {
            i--;
        }

        return i;
    }

    private int WordEnd()
    {
        var i = _cursor;
        while (i < _text.Length && !char.IsWhiteSpace(_text[i]))
        {
            i++;
        }

        while (i < _text.Length && char.IsWhiteSpace(_text[i]))
        {
            i++;
        }

        return i;
    }

    /// <summary>Writes the whole line again, from the start of the prompt's last line.</summary>
    private void Repaint()
    {
        var prompt = LastLineOf(_options.Prompt);
        var shown = _options.Masked ? new string('*', _text.Length) : _text.ToString();
        var promptWidth = CellWidth.Of(prompt);
        var end = promptWidth + CellWidth.Of(shown);
        var target = promptWidth + CellWidth.Of(shown[.._cursor]);

        var output = new StringBuilder("\r");
        AppendMove(output, _cursorRow, 'A');
        output.Append("\e[J").Append(prompt).Append(shown);

        // A terminal wraps only when the next character comes: make it wrap now, so that rows can be counted.
        if (end > 0 && end % terminal.Width == 0)
        {
            output.Append(" \b");
        }

        output.Append('\r');
        AppendMove(output, Rows(end) - Rows(target), 'A');
        AppendMove(output, target % terminal.Width, 'C');
        terminal.Write(output.ToString());
        _cursorRow = Rows(target);
    }

    private bool AtRightEdge()
    {
        var shown = _options.Masked ? _text.Length : CellWidth.Of(_text.ToString());
        var width = CellWidth.Of(LastLineOf(_options.Prompt)) + shown;
        return Rows(width) != _cursorRow;
    }

    private int Rows(int width) => width / terminal.Width;

    private static void AppendMove(StringBuilder output, int count, char direction)
    {
        if (count > 0)
        {
            output.Append("\e[").Append(count).Append(direction);
        }
    }

    private static string LastLineOf(string prompt) => prompt[(prompt.LastIndexOf('\n') + 1)..];

    private enum Outcome
    {
        GoOn,
        Done,
        EndOfInput,
        Broken,
    }
}
