namespace WaSimulator.DockerApi;

/// <summary>When a restart policy starts a container again whose process has ended by itself.</summary>
internal static class RestartPolicies
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before the next start; null for none. Called under the container's gate.</summary>
    public static TimeSpan? NextDelay(EmbeddedContainer container, int exitCode)
    {
        var state = container.State;
        if (state.StoppedByHand || !Wants(container, exitCode))
        {
            return null;
        }

        // The engine doubles its wait each time, and begins again after a life of ten seconds.
        if (state.FinishedAt - state.StartedAt > LongEnough)
        {
            return FirstDelay;
        }

        var delay = FirstDelay * Math.Pow(2, Math.Min(state.RestartCount, 12));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private static bool Wants(EmbeddedContainer container, int exitCode)
    {
        switch (container.RestartPolicy)
        {
            case "always" or "unless-stopped":
                return true;
            case "on-failure":
                var most = Json.Number(Json.Object(container.HostConfig, "RestartPolicy"), "MaximumRetryCount");
                return exitCode != 0 && (most == 0 || container.State.RestartCount < most);
            default:
                return false;
        }
    }
}
