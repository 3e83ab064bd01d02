using System.Globalization;
using WaMigration.Containers;
using WaMigration.Setups.Information;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Migrations.Checks;

/// <summary>What must be so once the old client is gone: it is stopped, and the new one serves.</summary>
internal static class ServedChecks
{
    /// <summary>The wait ends a downtime that is being measured.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>Its containers run nowhere, its API refuses, nobody is on its databases; or a person says so.</summary>
    internal static async Task<CheckFinding?> SourceStoppedAsync(CheckContext context)
    {
        // On the way back it is the new client that must be stopped.
        if ((context.Run is { IsUndo: true } ? context.Destination : context.Source) is not { } source)
        {
            return null;
        }

        if (context.SourceStoppedStated)
        {
            StoppedProof.State(source, Environment.UserName, context.Operation);
        }

        try
        {
            var evidence = await StoppedProof.RequireAsync(source, context.Operation).ConfigureAwait(false);
            return CheckFinding.Passed("SourceStopped", source.Name, string.Join("; ", evidence.Seen));
        }
        catch (WaException failure) when (failure.Kind == ClientErrors.SourceStillRunning)
        {
            return new CheckFinding(WaCheckStatus.Failed, failure.Message + " " + string.Join("; ", failure.Evidence), failure.Remedy);
        }
        catch (WaException failure) when (failure.Kind == ClientErrors.SourceNotProvedStopped)
        {
            return new CheckFinding(WaCheckStatus.Unknown, failure.Message + " " + string.Join("; ", failure.Evidence), failure.Remedy);
        }
    }

    internal static async Task<CheckFinding?> HealthAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || context.DestinationComesLater)
        {
            return null;
        }

        var health = await context.DestinationHealthAsync().ConfigureAwait(false);
        return health.Status == WaHealthStatus.Healthy
            ? CheckFinding.Passed("DestinationHealthy", destination.Name)
            : CheckFinding.Failed("DestinationNotHealthy", destination.Name, health.Status, string.Join(" ", health.Reasons));
    }

    internal static async Task<CheckFinding?> WebhookAsync(CheckContext context)
    {
        if (context.Destination is not { } destination || context.DestinationComesLater)
        {
            return null;
        }

        var webhook = await WebhookSettings.GetAsync(destination, context.Operation).ConfigureAwait(false);
        return webhook.Uri is { } address
            ? CheckFinding.Passed("WebhookSet", destination.Name, address)
            : CheckFinding.Warning("WebhookMissing", destination.Name);
    }

    /// <summary>
    /// The receipt of the test message came, and the webhook took it: receipts that came since are counted, and no callback
    /// waits.
    /// </summary>
    internal static async Task<CheckFinding?> TestMessageAsync(CheckContext context)
    {
        if (context.Destination is not { } destination
            || context.State is not { } state
            || context.Run is not { } run
            || state.Last(destination.Name, JournalKinds.TestMessageAccepted) is not { } accepted)
        {
            return null;
        }

        if (state.Has(destination.Name, JournalKinds.TestMessageDelivered))
        {
            return CheckFinding.Passed("TestMessageDelivered", destination.Name);
        }

        var before = state.Last(destination.Name, JournalKinds.TestMessageSending) is { } sending
            && sending.Values.TryGetValue("receiptsBefore", out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
                ? known
                : (long?)null;
        if (before is null && GuideSteps.MovesDatabases(context.Option))
        {
            // How many receipts the copied databases brought along is not known, so that nothing could be told apart.
            return CheckFinding.Warning("TestMessageNotCounted", destination.Name);
        }

        var begin = context.Operation.Time.GetTimestamp();
        while (true)
        {
            var (all, waiting) = await CountAsync(destination, context.Operation).ConfigureAwait(false);
            var receipts = all - (before ?? 0);
            if (receipts > 0 && waiting == 0)
            {
                run.JournalFile.Write(JournalKinds.TestMessageDelivered, destination.Name, ("receipts", receipts.ToString(CultureInfo.InvariantCulture)));
                return CheckFinding.Passed("TestMessageDelivered", destination.Name);
            }

            if (context.Operation.Time.GetElapsedTime(begin) >= context.Timeout)
            {
                return CheckFinding.Warning("TestMessageNotSeen", destination.Name, context.Timeout.TotalSeconds, receipts, waiting, accepted.At.ToLocalTime().ToString("T", CultureInfo.CurrentCulture));
            }

            context.Operation.Console.Progress(new WaProgress(
                MigrationText.Catalog.Format("CheckActivity", WaCheckPhase.Served),
                CheckFinding.Phrase("AwaitingDelivery", receipts, waiting)));
            await context.Operation.DelayAsync(PollInterval).ConfigureAwait(false);
        }
    }

    private static async Task<(long Receipts, long Waiting)> CountAsync(WaSetup setup, Operation operation)
    {
        var database = await Statistics.GetAsync(setup, "Db", operation).ConfigureAwait(false);
        var app = await Statistics.GetAsync(setup, "App", operation).ConfigureAwait(false);
        return (Statistics.Sum(database, Statistics.Receipts), Math.Max(Statistics.Sum(database, "db_pending_callbacks"), Statistics.Sum(app, "callback_queue_size")));
    }
}
