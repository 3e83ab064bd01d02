using WaSimulator.Protocol;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>One downtime and what it was made of, milliseconds.</summary>
internal sealed record DowntimeParts(double Total, double Stop, double Restore, double Connect, double Client, double ToStopped, double ToRemoved, double ToRestoreSent, double ToHealthy)
{
    internal const string OursName = "  ours";

    /// <summary>What is not the client's own stopping, restoring and connecting.</summary>
    internal double Ours => Total - Client;

    internal static IReadOnlyList<(string Name, Func<DowntimeParts, double> Pick)> Columns { get; } =
    [
        ("downtime", parts => parts.Total),
        ("  the client itself (stop, restore, connect)", parts => parts.Client),
        ("    stop", parts => parts.Stop),
        ("    restore", parts => parts.Restore),
        ("    connect", parts => parts.Connect),
        (OursName, parts => parts.Ours),
        ("from the first refused send to all stopped", parts => parts.ToStopped),
        ("from there to all removed", parts => parts.ToRemoved),
        ("from there to the restore sent", parts => parts.ToRestoreSent),
        ("from there to healthy", parts => parts.ToHealthy),
    ];

    internal static DowntimeParts From(IReadOnlyList<(string Kind, string Setup, DateTimeOffset At)> events, IReadOnlyList<LogEntry> log)
    {
        var begin = events.First(e => e is { Kind: "webapp-stopping", Setup: "old" }).At;
        var end = events.First(e => e is { Kind: "healthy", Setup: "new" } && e.At >= begin).At;
        var stop = Intervals(log, LogKinds.StopEnd, begin, end);
        var restore = Intervals(log, LogKinds.RestoreEnd, begin, end);
        var connect = Intervals(log, LogKinds.ConnectEnd, begin, end);
        var stopped = At(events, "client-stopped", "old", begin);
        var removed = At(events, "client-removed", "old", begin);
        var sent = At(events, "restore-sending", "new", begin);
        return new DowntimeParts(
            (end - begin).TotalMilliseconds,
            Union(stop),
            Union(restore),
            Union(connect),
            Union([.. stop, .. restore, .. connect]),
            (stopped - begin).TotalMilliseconds,
            (removed - stopped).TotalMilliseconds,
            (sent - removed).TotalMilliseconds,
            (end - sent).TotalMilliseconds);
    }

    private static DateTimeOffset At(IReadOnlyList<(string Kind, string Setup, DateTimeOffset At)> events, string kind, string setup, DateTimeOffset since) =>
        events.Last(e => e.Kind == kind && e.Setup == setup && e.At >= since).At;

    /// <summary>Intervals of that kind, cut to the downtime: an entry stands at the interval's end and knows its length.</summary>
    private static List<(DateTimeOffset From, DateTimeOffset To)> Intervals(IReadOnlyList<LogEntry> log, string kind, DateTimeOffset begin, DateTimeOffset end) =>
    [
        .. log.Where(entry => entry.Kind == kind && entry.DurationMs is not null)
            .Select(entry => (From: entry.At - TimeSpan.FromMilliseconds(entry.DurationMs!.Value), To: entry.At))
            .Select(interval => (From: interval.From < begin ? begin : interval.From, To: interval.To > end ? end : interval.To))
            .Where(interval => interval.From < interval.To),
    ];

    /// <summary>The time that is covered by at least one of them.</summary>
    private static double Union(List<(DateTimeOffset From, DateTimeOffset To)> intervals)
    {
        var total = 0.0;
        var covered = DateTimeOffset.MinValue;
        foreach (var (from, to) in intervals.OrderBy(interval => interval.From))
        {
            var start = from > covered ? from : covered;
            if (to > start)
            {
                total += (to - start).TotalMilliseconds;
                covered = to;
            }
        }

        return total;
    }
}
