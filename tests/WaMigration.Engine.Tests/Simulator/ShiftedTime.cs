namespace WaMigration.Engine.Tests.Simulator;

/// <summary>The system's clock, moved forward at will.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long offset;

    public void Advance(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref offset));
}
