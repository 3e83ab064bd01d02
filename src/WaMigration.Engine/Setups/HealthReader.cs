using WaMigration.Api;

namespace WaMigration.Setups;

/// <summary>Reads and awaits the health of a client.</summary>
internal static class HealthReader
{
    /// <summary>While a downtime runs, every moment between two looks adds to it.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    private static readonly string[] Disturbances =
        [JournalKinds.WebhookSet, JournalKinds.CoreappsRestarted, JournalKinds.ClientStarting, JournalKinds.RestoreAnswered, JournalKinds.RestoreFoundDone];

    /// <summary>One look must not hide a change for longer than this.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    /// <summary>Reads once.</summary>
    internal static async Task<WaHealth> ReadAsync(WaSetup setup, Operation operation)
    {
        if (operation.PlanOnly)
        {
            return await PlanAsync(setup, operation).ConfigureAwait(false);
        }

        var look = await LookAsync(setup, setup.Api(operation), null, null, operation, operation.Cancellation).ConfigureAwait(false);
        var health = look.Health;
        if (look.Answer is { } answer
            && answer.Nodes.Any(node => node.Status == HealthAnswer.Failed)
            && await HealthEvidence.ContainerIdsAsync(setup, operation).ConfigureAwait(false) is { } ids)
        {
            health = HealthJudge.Judge(setup.Name, answer, look.Shards, ids, health.Time);
        }

        Journal(setup, health);
        return health;
    }

    /// <summary>Polls until Healthy.</summary>
    /// <exception cref="WaException">HealthNotReached, with the node, its state and the end of its log.</exception>
    internal static async Task<WaHealth> WaitAsync(WaSetup setup, TimeSpan timeout, Operation operation)
    {
        if (operation.PlanOnly)
        {
            operation.Console.WhatIf(setup.Name, HealthText.Phrase("PlanWait", timeout.TotalSeconds));
            return await PlanAsync(setup, operation).ConfigureAwait(false);
        }

        var activity = HealthText.Phrase("Activity", setup.Name);
        var api = setup.Api(operation).WithoutRepeats;
        var start = operation.Time.GetTimestamp();
        Look? last = null;
        try
        {
            while (true)
            {
                var lookStart = operation.Time.GetTimestamp();
                last = await TryLookAsync(setup, api, last, timeout - operation.Time.GetElapsedTime(start), operation).ConfigureAwait(false);
                if (last.Health.Status == WaHealthStatus.Healthy)
                {
                    Journal(setup, last.Health);
                    return last.Health;
                }

                var elapsed = operation.Time.GetElapsedTime(start);
                operation.Console.Progress(new WaProgress(activity, last.Health.Reasons[0], Percent(elapsed, timeout)));
                var rest = PollInterval - operation.Time.GetElapsedTime(lookStart);
                if (elapsed + (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) >= timeout)
                {
                    throw await NotReachedAsync(setup, last, timeout, operation).ConfigureAwait(false);
                }

                if (rest > TimeSpan.Zero)
                {
                    await operation.DelayAsync(rest).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            operation.Console.Progress(new WaProgress(activity, string.Empty, null, IsCompleted: true));
        }
    }

    private static int? Percent(TimeSpan elapsed, TimeSpan timeout) =>
        timeout <= TimeSpan.Zero ? null : (int)Math.Min(100, 100 * elapsed.TotalMilliseconds / timeout.TotalMilliseconds);

    private static async Task<WaHealth> PlanAsync(WaSetup setup, Operation operation)
    {
        try
        {
            return (await LookAsync(setup, setup.Api(operation), null, null, operation, operation.Cancellation).ConfigureAwait(false)).Health;
        }
        catch (NotInstalledYetException)
        {
            return new WaHealth(setup.Name, WaHealthStatus.Starting, false, [], [HealthText.Phrase("PlanNotThere")], operation.Time.GetUtcNow());
        }
    }

    /// <summary>A look in which the client's absence is a state and no error; what waiting cannot heal is thrown.</summary>
    private static async Task<Look> TryLookAsync(WaSetup setup, IWaApi api, Look? last, TimeSpan rest, Operation operation)
    {
        using var limit = operation.Time.TimeoutSource(rest < LongestLook ? (rest > TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(1)) : LongestLook);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, operation.Cancellation);
        try
        {
            return await LookAsync(setup, api, last?.Shards, last?.Answer, operation, both.Token).ConfigureAwait(false);
        }
        catch (WaApiException failure) when (MayPass(failure))
        {
            return Absent(setup, failure.Message, last, operation);
        }
        catch (OperationCanceledException failure) when (!operation.Cancellation.IsCancellationRequested)
        {
            return Absent(setup, failure.Message, last, operation);
        }
    }

    /// <summary>Whether a failure says that the client is not well, and not that it could not be asked properly.</summary>
    internal static bool IsAnswer(WaException failure) =>
        failure.Kind == SetupErrors.HealthNotReached || (failure is WaApiException api && MayPass(api));

    private static bool MayPass(WaApiException failure) =>
        failure.Kind == ApiErrors.ApiUnreachable
        || failure.Kind == ApiErrors.ApiConnectionLost
        || failure.Kind == ApiErrors.ApiTimeout
        || failure.Kind == ApiErrors.ApiUnavailable
        || failure.Kind == ApiErrors.ApiBusy
        || failure.Kind == ApiErrors.ApiNotReady
        || failure.Kind == ApiErrors.ApiDatabaseFailed
        || failure.Kind == ApiErrors.ApiFailed
        || failure.Kind == ApiErrors.ApiAnswerNotUnderstood;

    private static Look Absent(WaSetup setup, string why, Look? last, Operation operation) => new(
        new WaHealth(setup.Name, WaHealthStatus.Unhealthy, true, last?.Answer?.Nodes ?? [], [HealthText.Phrase("NotAnswering", why)], operation.Time.GetUtcNow()),
        null,
        last?.Shards);

    private static async Task<Look> LookAsync(WaSetup setup, IWaApi api, int? shards, HealthAnswer? before, Operation operation, CancellationToken cancellation)
    {
        var now = operation.Time.GetUtcNow();
        HealthAnswer answer;
        try
        {
            answer = HealthAnswer.From(await api.GetHealthAsync(cancellation).ConfigureAwait(false));
        }
        catch (WaApiException failure) when (failure.HttpStatus >= 500 && failure.Code is not null)
        {
            // The Webapp runs and says why it cannot tell: that is an answer about the health.
            var status = failure.Kind == ApiErrors.ApiNotReady || failure.Kind == ApiErrors.ApiBusy ? WaHealthStatus.Starting : WaHealthStatus.Unhealthy;
            return new Look(
                new WaHealth(setup.Name, status, true, before?.Nodes ?? [], [HealthText.Phrase("ClientSays", failure.Message)], now),
                null,
                shards);
        }

        // Shards do not change while one waits, and are asked only when they decide.
        if (shards is null && !answer.IsSingle && answer.Nodes.Any(node => node.Status == HealthAnswer.Connected))
        {
            shards = await ShardsAsync(api, operation, cancellation).ConfigureAwait(false);
        }

        return new Look(HealthJudge.Judge(setup.Name, answer, shards, null, now), answer, shards);
    }

    /// <summary>Shards from where they can be read; null where nobody tells them.</summary>
    internal static async Task<int?> ShardsAsync(IWaApi api, Operation operation, CancellationToken cancellation)
    {
        try
        {
            return await api.GetShardsAsync(cancellation).ConfigureAwait(false)
                ?? (await SupportFacts.ReadAsync(api, cancellation).ConfigureAwait(false)).Shards;
        }
        catch (WaException failure) when (failure is WaApiException { HttpStatus: >= 500 } || failure.Kind == ApiErrors.LoginMissing)
        {
            operation.Console.Verbose(failure.Message);
            return null;
        }
    }

    private static void Journal(WaSetup setup, WaHealth health)
    {
        if (health.Status == WaHealthStatus.Healthy && setup.Journal.IsKept && IsNews(setup))
        {
            setup.Journal.Write(JournalKinds.Healthy, setup.Name);
        }
    }

    /// <summary>The first time, and the first time after something that ends a downtime of its own only with health.</summary>
    private static bool IsNews(WaSetup setup) =>
        setup.Journal.Last(JournalKinds.Healthy, setup.Name) is not { } known
        || Disturbances.Any(kind => setup.Journal.Last(kind, setup.Name) is { } later && later.At > known.At);

    private static async Task<WaException> NotReachedAsync(WaSetup setup, Look last, TimeSpan timeout, Operation operation)
    {
        var (node, evidence) = await HealthEvidence.ReadAsync(setup, last.Health, operation).ConfigureAwait(false);
        return SetupErrors.HealthNotReached.Error(node ?? setup.Name, null, evidence, timeout.TotalSeconds, string.Join(" ", last.Health.Reasons));
    }

    private sealed record Look(WaHealth Health, HealthAnswer? Answer, int? Shards);
}
