namespace WaMigration;

/// <summary>Waiting on the operation's own clock, so that tests can turn it.</summary>
internal static class OperationClock
{
    /// <summary>Waits, or ends at once with the operation's cancellation.</summary>
    internal static Task DelayAsync(this Operation operation, TimeSpan delay) =>
        DelayAsync(operation.Time, delay, operation.Cancellation);

    internal static Task DelayAsync(this TimeProvider time, TimeSpan delay, CancellationToken cancellation) =>
#if NET
        Task.Delay(delay, time, cancellation);
#else
        TimeProviderTaskExtensions.Delay(time, delay, cancellation);
#endif

    /// <summary>A source that cancels by itself after that time.</summary>
    internal static CancellationTokenSource TimeoutSource(this TimeProvider time, TimeSpan timeout) =>
#if NET
        new(timeout, time);
#else
        TimeProviderTaskExtensions.CreateCancellationTokenSource(time, timeout);
#endif
}
