using System.Management.Automation;

namespace WaMigration.Shell;

/// <summary>Shows the progress of running activities as live lines at the bottom of the terminal.</summary>
internal sealed class ProgressView(Terminal terminal) : IDisposable
{
    private readonly Lock _gate = new();

    public void Show(long sourceId, ProgressRecord record)
    {
        lock (_gate)
        {
            terminal.SetLive(string.Empty);
        }
    }

    public void Clear() => terminal.SetLive(string.Empty);

    public void Dispose() => Clear();
}
