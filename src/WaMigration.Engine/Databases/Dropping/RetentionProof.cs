using WaMigration.Migrations;

namespace WaMigration.Databases.Dropping;

/// <summary>
/// Whether a migration is long enough behind: completed 14 days ago, the new client seen Healthy on ten days without a
/// gap, and a message delivered.
/// </summary>
internal static class RetentionProof
{
    private const int Days = 10;
    private static readonly TimeSpan LargestGap = TimeSpan.FromDays(3);
    private static readonly TimeSpan Recent = TimeSpan.FromHours(24);

    /// <param name="migration">As it stands now.</param>
    /// <param name="deliveryConfirmed">A person says that messages are delivered.</param>
    /// <param name="force">Lifts the 14 days, and nothing else.</param>
    internal static void Require(MigrationSnapshot migration, bool deliveryConfirmed, bool force)
    {
        var record = migration.Record;
        if (!record.IsCompleted || record.Undo is not null || record.CompletedAt is not { } completed)
        {
            throw DropErrors.RetentionNotOver.Error(migration.Path, DatabaseText.Catalog.Format("NotCompleted", record.State));
        }

        if (!force && (record.DatabasesMayGoAfter is not { } date || migration.Now < date))
        {
            throw DropErrors.RetentionNotOver.Error(migration.Path, DatabaseText.Catalog.Format("MayGoAfter", record.DatabasesMayGoAfter is { } day ? MigrationNotes.Date(day) : "-"));
        }

        if (Unproved(migration, completed) is { } reason)
        {
            throw DropErrors.HealthNotProved.Error(migration.Path, reason);
        }

        if (!deliveryConfirmed && !migration.Has(migration.DestinationName, JournalKinds.TestMessageDelivered))
        {
            throw DropErrors.DeliveryNotProved.Error(migration.Path);
        }
    }

    /// <summary>What is missing of the proof of health; null where nothing is.</summary>
    private static string? Unproved(MigrationSnapshot migration, DateTimeOffset completed)
    {
        var seen = migration.Events.Where(entry => entry.Kind == MigrationEvents.HealthObserved && entry.Setup == migration.DestinationName && entry.At >= completed).OrderBy(entry => entry.At).ToList();
        var healthy = seen.Where(entry => Status(entry) == nameof(WaHealthStatus.Healthy)).ToList();
        if (healthy.Count == 0)
        {
            return DatabaseText.Catalog["HealthNever"];
        }

        if (Status(seen[seen.Count - 1]) != nameof(WaHealthStatus.Healthy))
        {
            return DatabaseText.Catalog.Format("HealthNotNow", Status(seen[seen.Count - 1]));
        }

        var last = healthy[healthy.Count - 1].At;
        if (migration.Now - last > Recent)
        {
            return DatabaseText.Catalog.Format("HealthOld", MigrationNotes.Date(last));
        }

        var before = completed;
        foreach (var entry in healthy)
        {
            if (entry.At - before > LargestGap)
            {
                return DatabaseText.Catalog.Format("HealthGap", MigrationNotes.Date(before), MigrationNotes.Date(entry.At));
            }

            before = entry.At;
        }

        var days = healthy.Select(entry => entry.At.UtcDateTime.Date).Distinct().Count();
        return days >= Days ? null : DatabaseText.Catalog.Format("HealthyDays", days);
    }

    private static string Status(JournalEvent entry) => entry.Values.TryGetValue("status", out var status) ? status : string.Empty;
}
