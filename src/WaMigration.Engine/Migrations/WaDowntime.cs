using System.Globalization;
using WaMigration.Migrations;

namespace WaMigration;

/// <summary>One of the two downtimes of a migration, from the events of its journal.</summary>
public sealed class WaDowntime
{
    internal WaDowntime(DateTimeOffset startedAt, DateTimeOffset? endedAt, DateTimeOffset now)
    {
        StartedAt = startedAt;
        EndedAt = endedAt;
        Duration = (endedAt ?? now) - startedAt;
    }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it ended; null while it lasts.</summary>
    public DateTimeOffset? EndedAt { get; }

    /// <summary>How long it was, or has been so far.</summary>
    public TimeSpan Duration { get; }

    /// <summary>It has ended.</summary>
    public bool IsOver => EndedAt is not null;

    /// <inheritdoc/>
    public override string ToString()
    {
        var duration = Duration.ToString(@"d\.hh\:mm\:ss\.f", CultureInfo.InvariantCulture);
        duration = duration.StartsWith("0.", StringComparison.Ordinal) ? duration.Substring(2) : duration;
        return IsOver ? duration : MigrationText.Catalog.Format("SoFar", duration);
    }
}
