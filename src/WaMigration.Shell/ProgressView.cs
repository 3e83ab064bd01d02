using System.Management.Automation;

namespace WaMigration.Shell;

/// <summary>
/// Shows the progress of running activities as live lines at the bottom of the terminal. Records come as fast as
/// a script writes them; the lines are drawn ten times a second at most, and never where nobody sees them.
/// </summary>
internal sealed class ProgressView : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Terminal _terminal;
    private readonly Lock _gate = new();
    private readonly ProgressTree _tree = new();
    private readonly Lazy<ProgressPainter> _painter;
    private readonly ITimer _timer;
    private bool _ticking;

    public ProgressView(Terminal terminal, TimeProvider time)
    {
        _terminal = terminal;
        _painter = new Lazy<ProgressPainter>(() => new ProgressPainter(terminal.SupportsAnsi));
        _timer = time.CreateTimer(_ => Draw(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Show(long sourceId, ProgressRecord record)
    {
        if (!_terminal.SupportsLive)
        {
            return;
        }

        lock (_gate)
        {
            _tree.Apply(sourceId, record);
            if (_tree.IsEmpty)
            {
                Stop();
            }
            else if (!_ticking)
            {
                _ticking = true;
                _timer.Change(Period, Period);
            }
        }
    }

    /// <summary>Takes all away: what ran has ended, whether it said so or not.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _tree.Clear();
            Stop();
        }
    }

    public void Dispose()
    {
        Clear();
        _timer.Dispose();
        if (_painter.IsValueCreated)
        {
            _painter.Value.Dispose();
        }
    }

    private void Stop()
    {
        _ticking = false;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _terminal.SetLive(string.Empty);
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_ticking)
            {
                _terminal.SetLive(_painter.Value.Paint(_tree.Flatten(), _terminal.Width, _terminal.Height));
            }
        }
    }
}
