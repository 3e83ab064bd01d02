using System.Globalization;

namespace WaMigration.Media;

/// <summary>Tells how far media are, at most five times a second.</summary>
internal sealed class MediaProgress(Operation operation, string activity)
{
    private readonly long start = operation.Time.GetTimestamp();
    private long total;
    private long done;
    private long last;

    /// <summary>So much more is to go over.</summary>
    internal void Expect(long bytes) => total += bytes;

    internal void Moved(int bytes, string name)
    {
        done += bytes;
        Tell(name);
    }

    internal void Tell(string what)
    {
        var now = operation.Time.GetTimestamp();
        if (last != 0 && operation.Time.GetElapsedTime(last, now) < TimeSpan.FromMilliseconds(200))
        {
            return;
        }

        last = now;
        var seconds = operation.Time.GetElapsedTime(start, now).TotalSeconds;
        var status = MediaErrors.Phrase(
            "ProgressStatus",
            what,
            (done / 1e6).ToString("F0", CultureInfo.CurrentCulture),
            (total / 1e6).ToString("F0", CultureInfo.CurrentCulture),
            (seconds > 0 ? done / seconds / 1e6 : 0).ToString("F1", CultureInfo.CurrentCulture));
        operation.Console.Progress(new WaProgress(activity, status, total <= 0 ? null : (int)Math.Min(99, done * 100 / total)));
    }

    internal void End() => operation.Console.Progress(new WaProgress(activity, string.Empty, 100, IsCompleted: true));
}
