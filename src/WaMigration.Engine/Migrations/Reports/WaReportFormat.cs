namespace WaMigration;

/// <summary>How a report of a migration is written.</summary>
public enum WaReportFormat
{
    /// <summary>One file that a browser shows and prints; it needs nothing beside it and runs no script.</summary>
    Html,

    /// <summary>Markdown, for a ticket or a wiki.</summary>
    Markdown,
}
