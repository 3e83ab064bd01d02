namespace WaMigration.Containers;

/// <summary>
/// Lets a client deliver what it still has. First with the API up, which costs no outage; then the API is stopped, so
/// that nothing new comes, and the rest is waited for. What stays is counted.
/// </summary>
internal sealed class ClientDrain(WaSetup setup, RemoveOptions options, string activity, Operation operation)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Where it is allowed to leave something behind, no outage is spent on what does not move.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private PendingCounts? last;
    private bool databasesAnswer;
    private bool warned;

    /// <summary>Waits with the API up until nothing is left or the time is over.</summary>
    /// <exception cref="WaException">
    /// UndeliveredRemain, where nothing moved all the time, and UndeliveredUnknown, where nothing tells: stopping the API
    /// would not change that.
    /// </exception>
    internal async Task WhileServingAsync()
    {
        if (operation.PlanOnly)
        {
            return;
        }

        // Asked now, so that no outage is spent on finding out that they cannot be reached.
        last = await PendingCounts.FromDatabasesAsync(setup, operation).ConfigureAwait(false);
        databasesAnswer = last is not null;
        if (await setup.Api(operation).IsAnsweringAsync(operation.Cancellation).ConfigureAwait(false))
        {
            var (left, moved) = await WaitAsync(() => PendingCounts.FromApiAsync(setup, operation)).ConfigureAwait(false);
            last = left ?? last;
            if (left is not null && !moved)
            {
                RequireAcceptable(left);
            }
        }

        if (last is null)
        {
            RequireAcceptable(null);
        }
    }

    /// <summary>Waits with the API stopped.</summary>
    /// <param name="canDeliver">Coreapps run, so that something can still happen.</param>
    /// <returns>What is left; null where nothing tells.</returns>
    internal async Task<PendingCounts?> AfterStopAsync(bool canDeliver)
    {
        if (operation.PlanOnly || !databasesAnswer)
        {
            return last;
        }

        return canDeliver
            ? (await WaitAsync(() => PendingCounts.FromDatabasesAsync(setup, operation)).ConfigureAwait(false)).Left
            : await PendingCounts.FromDatabasesAsync(setup, operation).ConfigureAwait(false);
    }

    /// <exception cref="WaException">UndeliveredRemain, UndeliveredUnknown.</exception>
    internal void RequireAcceptable(PendingCounts? left)
    {
        if (operation.PlanOnly || left is { IsNone: true } || warned)
        {
            return;
        }

        if (!options.AllowUndelivered)
        {
            throw left is null
                ? ClientErrors.UndeliveredUnknown.Error(setup.Name)
                : ClientErrors.UndeliveredRemain.Error(setup.Name, left.Messages, left.Callbacks, left.From);
        }

        // Once is enough: with the API up and after it went the same is found.
        warned = true;
        operation.Console.Warning(left is null
            ? ContainerText.Catalog.Format("AbandonedUnknown", setup.Name)
            : ContainerText.Catalog.Format("Abandoned", setup.Name, left.Messages, left.Callbacks, left.From));
    }

    /// <summary>Ends at once where nothing tells: waiting would not change that.</summary>
    private async Task<(PendingCounts? Left, bool Moved)> WaitAsync(Func<Task<PendingCounts?>> count)
    {
        var begin = operation.Time.GetTimestamp();
        var lastMove = begin;
        var moved = false;
        PendingCounts? before = null;
        while (true)
        {
            var now = await count().ConfigureAwait(false);
            if (now is null or { IsNone: true } || operation.Time.GetElapsedTime(begin) >= options.DrainTimeout)
            {
                return (now, moved);
            }

            if (before is not null && (now.Messages < before.Messages || now.Callbacks < before.Callbacks))
            {
                moved = true;
                lastMove = operation.Time.GetTimestamp();
            }
            else if (options.AllowUndelivered && operation.Time.GetElapsedTime(lastMove) >= Patience)
            {
                return (now, moved);
            }

            before = now;
            NodeStarter.Say(operation, activity, ContainerText.Catalog.Format("Draining", now.Messages, now.Callbacks));
            await operation.DelayAsync(PollInterval).ConfigureAwait(false);
        }
    }
}
