using System.Globalization;

namespace WaMigration.Databases.Copying;

/// <summary>Tells how far a copy is: bytes, rows, rate, time left. Honest: no time before one hundredth is done.</summary>
internal sealed class CopyProgress(Operation operation, string activity, long total)
{
    private readonly long start = operation.Time.GetTimestamp();
    private long bytes;
    private long planned;
    private long rows;
    private long last;

    /// <summary>Bytes moved so far.</summary>
    internal long Bytes => Interlocked.Read(ref bytes);

    internal void Moved(int count, string what)
    {
        Interlocked.Add(ref bytes, count);
        Tell(what);
    }

    internal void ChunkDone(long plannedBytes, long rowCount)
    {
        Interlocked.Add(ref planned, plannedBytes);
        Interlocked.Add(ref rows, rowCount);
    }

    internal void Tell(string what)
    {
        // Told at most five times a second, by whoever comes first.
        var now = operation.Time.GetTimestamp();
        var seen = Interlocked.Read(ref last);
        if (seen != 0 && operation.Time.GetElapsedTime(seen, now) < TimeSpan.FromMilliseconds(200))
        {
            return;
        }

        if (Interlocked.CompareExchange(ref last, now, seen) == seen)
        {
            operation.Console.Progress(new WaProgress(activity, Status(what, now), Percent()));
        }
    }

    internal void End() => operation.Console.Progress(new WaProgress(activity, string.Empty, 100, IsCompleted: true));

    private int? Percent() => total <= 0 ? null : (int)Math.Min(99, Interlocked.Read(ref planned) * 100 / total);

    private string Status(string what, long now)
    {
        var seconds = operation.Time.GetElapsedTime(start, now).TotalSeconds;
        var done = Interlocked.Read(ref planned);
        var rate = seconds > 0 ? Bytes / seconds / 1e6 : 0;
        var left = total > 0 && done * 100 >= total ? TimeSpan.FromSeconds(seconds * (total - Math.Min(done, total)) / done) : (TimeSpan?)null;
        return DatabaseText.Catalog.Format(
            left is null ? "CopyStatus" : "CopyStatusLeft",
            what,
            (Bytes / 1e6).ToString("F0", CultureInfo.CurrentCulture),
            Interlocked.Read(ref rows),
            rate.ToString("F1", CultureInfo.CurrentCulture),
            left is { } time ? Math.Ceiling(time.TotalSeconds) : 0);
    }
}
