namespace WaMigration;

/// <summary>A report of a migration that was written.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">How it is written.</param>
/// <param name="MigrationId">The migration's identity.</param>
/// <param name="State">Where the migration stood.</param>
/// <param name="CreatedAt">When that was.</param>
public sealed record WaMigrationReport(string Path, WaReportFormat Format, string MigrationId, WaMigrationState State, DateTimeOffset CreatedAt)
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}
