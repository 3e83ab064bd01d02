using System.Net;
using WaSimulator.Hosting;

namespace WaSimulator.Webapp;

/// <summary>Counts bad logins by address; too many close the login for that address until they are old.</summary>
internal sealed class LoginLimiter(int allowed, SimClock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Queue<DateTimeOffset>> failures = [];

    public bool IsClosed(IPAddress address)
    {
        lock (gate)
        {
            return Recent(address).Count >= allowed;
        }
    }

    public void Failed(IPAddress address)
    {
        lock (gate)
        {
            Recent(address).Enqueue(clock.Now);
        }
    }

    private Queue<DateTimeOffset> Recent(IPAddress address)
    {
        if (!failures.TryGetValue(address, out var times))
        {
            failures[address] = times = new Queue<DateTimeOffset>();
        }

        var oldest = clock.Now - clock.Scale(Durations.BadLoginWindow);
        while (times.TryPeek(out var first) && first < oldest)
        {
            times.Dequeue();
        }

        return times;
    }
}
