using System.Globalization;

namespace WaMigration.Migrations;

/// <summary>What is written into the journal of a migration that is not running: what was seen and done since.</summary>
internal static class MigrationNotes
{
    /// <summary>Writes down how the new client was seen.</summary>
    internal static Task ObserveAsync(WaMigration? open, string path, WaHealth health, Operation operation) =>
        WriteAsync(open, path, operation, MigrationEvents.HealthObserved, health.Setup, ("status", health.Status.ToString()));

    /// <summary>Into the journal that this process has open, or the one of a folder that nobody works on.</summary>
    internal static async Task WriteAsync(WaMigration? open, string path, Operation operation, string kind, string setup, params (string Name, string Value)[] values)
    {
        if (operation.PlanOnly)
        {
            return;
        }

        if (open?.OpenRun is { } run)
        {
            run.JournalFile.Write(kind, setup, values);
            return;
        }

        // Refused where there is none: a folder must not be made by looking at a client.
        _ = MigrationFolder.Read(path, operation);
        using var held = await MigrationLock.AcquireAsync(path, operation).ConfigureAwait(false);
        using var journal = JournalFile.Open(Path.Combine(path, MigrationFiles.Journal), operation);
        journal.Write(kind, setup, values);
    }

    internal static string Date(DateTimeOffset time) => time.ToLocalTime().ToString("g", CultureInfo.CurrentCulture);
}
