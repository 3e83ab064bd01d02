namespace WaMigration.Engine.Tests.Containers;

/// <summary>A clock on which waiting goes faster. The time of day stays the real one.</summary>
internal sealed class ScaledTime(double factor) : TimeProvider
{
    public override long GetTimestamp() => (long)(System.GetTimestamp() * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scale(dueTime), Scale(period));

    private TimeSpan Scale(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;
}
