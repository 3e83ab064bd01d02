using System.Globalization;
using System.Management.Automation;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace WaMigration.Shell;

/// <summary>Draws activities as lines of text with bars.</summary>
internal sealed class ProgressPainter : IDisposable
{
    private const int MaxRows = 10;
    private const int PercentWidth = 4;
    private const int TimeWidth = 8;
    private const int Gap = 1;

    private readonly StringWriter _writer = new(CultureInfo.InvariantCulture);
    private readonly IAnsiConsole _console;
    private readonly ProgressBarColumn _bar = new();

    public ProgressPainter(bool colours)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(_writer),
        });
        _console.Profile.Capabilities.Unicode = true;
    }

    /// <summary>The lines for a terminal of the given size, without an end of line after the last.</summary>
    public string Paint(IReadOnlyList<(ProgressRecord Record, int Depth)> activities, int width, int height)
    {
        if (activities.Count == 0)
        {
            return string.Empty;
        }

        // The last column stays free: a terminal that is written full begins a new line.
        _console.Profile.Width = Math.Max(20, width - 1);
        _console.Profile.Height = height;
        var rows = activities.Take(Math.Clamp(height - 2, 1, MaxRows)).ToList();
        var grid = Columns(rows, _console.Profile.Width, out var statusWidth);
        var options = RenderOptions.Create(_console);
        foreach (var (record, depth) in rows)
        {
            grid.AddRow(Row(record, depth, options, statusWidth));
        }

        _writer.GetStringBuilder().Clear();
        _console.Write(grid);
        return _writer.ToString().TrimEnd('\r', '\n');
    }

    public void Dispose() => _writer.Dispose();

    private Grid Columns(List<(ProgressRecord Record, int Depth)> rows, int total, out int statusWidth)
    {
        var longest = rows.Max(r => CellWidth.Of(Name(r.Record, r.Depth)));
        var nameWidth = Math.Min(longest, Math.Max(8, total * 2 / 5));
        var barWidth = Math.Clamp(total / 4, 6, 40);
        statusWidth = total - nameWidth - barWidth - PercentWidth - TimeWidth - (4 * Gap);
        _bar.Width = barWidth;
        var grid = new Grid { Width = total };
        grid.AddColumn(Column(nameWidth));
        grid.AddColumn(Column(barWidth));
        grid.AddColumn(Column(PercentWidth));
        grid.AddColumn(Column(TimeWidth));
        if (statusWidth > 0)
        {
            grid.AddColumn(Column(statusWidth));
        }

        return grid;
    }

    private static GridColumn Column(int width) =>
        new() { Width = width, NoWrap = true, Padding = new Padding(0, 0, Gap, 0) };

    private IRenderable[] Row(ProgressRecord record, int depth, RenderOptions options, int statusWidth)
    {
        var known = record.PercentComplete >= 0;
        var task = new ProgressTask(0, Name(record, depth), 100, autoStart: true)
        {
            Value = Math.Clamp(record.PercentComplete, 0, 100),
            IsIndeterminate = !known,
        };
        List<IRenderable> cells =
        [
            Cell(Name(record, depth)),
            _bar.Render(options, task, TimeSpan.Zero),
            Cell(known ? record.PercentComplete.ToString(CultureInfo.CurrentCulture) + "%" : string.Empty),
            Cell(record.SecondsRemaining >= 0
                ? TimeSpan.FromSeconds(record.SecondsRemaining).ToString("c", CultureInfo.InvariantCulture)
                : string.Empty),
        ];
        if (statusWidth > 0)
        {
            cells.Add(Cell(Status(record)));
        }

        return [.. cells];
    }

    private static Text Cell(string text) => new(text) { Overflow = Overflow.Ellipsis };

    private static string Name(ProgressRecord record, int depth) =>
        new string(' ', 2 * depth) + OneLine(record.Activity);

    private static string Status(ProgressRecord record) => string.IsNullOrWhiteSpace(record.CurrentOperation)
        ? OneLine(record.StatusDescription)
        : $"{OneLine(record.StatusDescription)}: {OneLine(record.CurrentOperation)}";

    /// <summary>A text that can neither break the line nor move the cursor.</summary>
    private static string OneLine(string? text)
    {
        var line = new StringBuilder();
        foreach (var c in text ?? string.Empty)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString().Trim();
    }
}
