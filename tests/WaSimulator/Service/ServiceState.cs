using WaSimulator.Hosting;
using WaSimulator.Protocol;

namespace WaSimulator.Service;

/// <summary>Everything the service knows. All access under <see cref="Gate"/>.</summary>
internal sealed class ServiceState(SimClock clock)
{
    private readonly List<LogEntry> log = [];

    public Lock Gate { get; } = new();

    public SimClock Clock { get; } = clock;

    public Dictionary<string, NumberRecord> Numbers { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Contact> Contacts { get; } = new(StringComparer.Ordinal);

    /// <summary>Unregistered clients that said that they are there.</summary>
    public List<ClientSession> Lobby { get; } = [];

    /// <summary>Completes, and is replaced, whenever a client enters the lobby.</summary>
    public TaskCompletionSource LobbyChanged { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<LogEntry> LogSince(long sequence)
    {
        lock (Gate)
        {
            return [.. log.Where(entry => entry.Sequence > sequence)];
        }
    }

    /// <summary>Adds a line with the service's own time.</summary>
    public void Write(string kind, string? number, ClientSession? session, string? detail, double? durationMs = null) => Write(new LogEntry
    {
        At = Clock.Now,
        MonotonicMs = Clock.Monotonic,
        Kind = kind,
        Number = number,
        Client = session?.Client,
        Node = session?.Node,
        Detail = detail,
        DurationMs = durationMs,
    });

    /// <summary>Adds a line that a node reported.</summary>
    public void Write(LogEntry entry)
    {
        lock (Gate)
        {
            log.Add(entry with { Sequence = log.Count + 1 });
        }
    }
}
