namespace WaSimulator.Hosting;

/// <summary>
/// Time as the simulator sees it: wall clock from a <see cref="TimeProvider"/>, and durations of the real client
/// multiplied by one factor so that tests do not wait as long as production does.
/// </summary>
internal sealed class SimClock(TimeProvider time, double scale)
{
    public TimeProvider Time { get; } = time;

    public double Factor { get; } = scale;

    public DateTimeOffset Now => Time.GetUtcNow();

    public long NowMilliseconds => Now.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds of a clock that never jumps; comparable between nodes of one machine.</summary>
    public double Monotonic => Time.GetTimestamp() * 1000.0 / Time.TimestampFrequency;

    public TimeSpan Scale(TimeSpan real) => real * Factor;

    public TimeSpan Scale(TimeSpan real, TimeSpan atLeast)
    {
        var scaled = Scale(real);
        return scaled < atLeast ? atLeast : scaled;
    }

    public Task DelayAsync(TimeSpan real, CancellationToken cancellationToken) =>
        Task.Delay(Scale(real), Time, cancellationToken);

    public Task DelayAsync(TimeSpan real, TimeSpan atLeast, CancellationToken cancellationToken) =>
        Task.Delay(Scale(real, atLeast), Time, cancellationToken);
}
