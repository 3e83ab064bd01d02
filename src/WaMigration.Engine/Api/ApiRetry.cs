namespace WaMigration.Api;

/// <summary>How often and how long a request that may be repeated is repeated.</summary>
internal sealed class ApiRetry
{
    internal static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly object gate = new();
    private readonly Random random = new();

    internal ApiRetry(int attempts) => Attempts = attempts;

    /// <summary>Attempts in all, the first included.</summary>
    internal int Attempts { get; }

    internal static bool MayRepeat(ApiRequest request, WaApiException failure) => request.Repeat switch
    {
        ApiRepeat.Never => false,
        ApiRepeat.IfNotTaken => IsPassing(failure) && IsNotTaken(failure),
        _ => IsPassing(failure),
    };

    /// <summary>Doubles from attempt to attempt, scattered by half, so that many callers do not come back together.</summary>
    internal TimeSpan Delay(int attempt)
    {
        double scatter;
        lock (gate)
        {
#pragma warning disable CA5394 // Scatters delays; no secret depends on it.
            scatter = 0.5 + random.NextDouble();
#pragma warning restore CA5394
        }

        var milliseconds = FirstDelay.TotalMilliseconds * Math.Pow(2, attempt - 1) * scatter;
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestDelay.TotalMilliseconds));
    }

    private static bool IsPassing(WaApiException failure) =>
        failure.Kind == ApiErrors.ApiUnreachable
        || failure.Kind == ApiErrors.ApiConnectionLost
        || failure.Kind == ApiErrors.ApiUnavailable
        || failure.Kind == ApiErrors.ApiBusy
        || failure.Kind == ApiErrors.ApiNotReady
        || failure.Kind == ApiErrors.ApiDatabaseFailed;

    /// <summary>Refused with a code of its own before any work, or never sent.</summary>
    private static bool IsNotTaken(WaApiException failure) => failure.HttpStatus == 0
        ? !failure.MayHaveBeenTaken
        : failure.Kind == ApiErrors.ApiBusy || failure.Kind == ApiErrors.ApiNotReady;
}
