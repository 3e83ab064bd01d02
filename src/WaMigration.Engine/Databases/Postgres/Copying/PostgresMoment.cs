using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// Brings sessions on several databases of a server to one moment, without a lock: a snapshot names the transactions that
/// it sees, and they are numbered for the whole server, so that equal snapshots are the same moment. Under writes it took
/// one to three tries.
/// </summary>
internal static class PostgresMoment
{
    private const int Tries = 100;

    /// <summary>Gives the moment; null where there was none in common.</summary>
    internal static async Task<string?> AlignAsync(IReadOnlyList<PostgresSessions> databases, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var snapshots = new List<string>();
            foreach (var sessions in databases)
            {
                snapshots.Add(attempt == 0
                    ? await sessions.ReadSnapshotAsync(cancellation).ConfigureAwait(false)
                    : await sessions.RenewSnapshotAsync(cancellation).ConfigureAwait(false));
            }

            if (snapshots.Distinct(StringComparer.Ordinal).Count() == 1)
            {
                return snapshots[0];
            }
        }

        return null;
    }
}
