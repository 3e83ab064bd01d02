using System.Threading.Channels;
using WaSimulator.Hosting;
using WaSimulator.Protocol;

namespace WaSimulator.Nodes;

/// <summary>Reports the node's intervals to the service's log, in order and without making the node wait.</summary>
internal sealed class ServiceReporter(ServiceClient service, SimClock clock, string node, Action<string, string> log)
{
    private readonly Channel<LogEntry> entries = Channel.CreateUnbounded<LogEntry>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Known once the databases are.</summary>
    public string? Client { get; set; }

    public string? Number { get; set; }

    /// <summary>Reports that something happened now; with <paramref name="since"/> (monotonic) how long it took.</summary>
    public double Write(string kind, string? detail = null, double? since = null)
    {
        var now = clock.Monotonic;
        entries.Writer.TryWrite(new LogEntry
        {
            At = clock.Now,
            MonotonicMs = now,
            Kind = kind,
            Number = Number,
            Client = Client,
            Node = node,
            Detail = detail,
            DurationMs = since is { } start ? now - start : null,
        });
        return now;
    }

    /// <summary>No more reports; <see cref="RunAsync"/> ends when all are sent.</summary>
    public void Complete() => entries.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await entries.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<LogEntry>();
            while (entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            try
            {
                await service.ReportAsync(batch, cancellationToken);
            }
            catch (HttpRequestException problem)
            {
                log("WARN", $"Could not report to the service: {problem.Message}");
            }
        }
    }
}
