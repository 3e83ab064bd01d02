using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// Brings sessions on several databases of a server to one moment, without a lock: a snapshot names the transactions that
/// it sees, and they are numbered for the whole server, so that equal snapshots are the same moment. Under writes it took
/// one to three tries.
/// </summary>
internal static class PostgresMoment
{
    /// <summary>A client that writes without a pause leaves a common moment only now and then.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Gives the moment; null where there was none in common.</summary>
    internal static async Task<string?> AlignAsync(IReadOnlyList<PostgresSessions> databases, Operation operation)
    {
        var start = operation.Time.GetTimestamp();
        while (true)
        {
            // All at once: the closer together, the likelier the same moment.
            var snapshots = await Task.WhenAll(databases.Select(sessions => sessions.ReadSnapshotAsync(operation.Cancellation))).ConfigureAwait(false);
            if (snapshots.Distinct(StringComparer.Ordinal).Count() == 1)
            {
                return snapshots[0];
            }

            if (operation.Time.GetElapsedTime(start) > Limit)
            {
                return null;
            }

            await Task.WhenAll(databases.Select(sessions => sessions.RenewSnapshotAsync(operation.Cancellation))).ConfigureAwait(false);
        }
    }
}
