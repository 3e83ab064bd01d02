namespace WaMigration.Migrations.Reports;

/// <summary>The errors of reports.</summary>
internal static class ReportErrors
{
    internal static readonly WaErrorKind ReportExists = new("ReportExists", WaErrorCategory.ResourceExists, ReportText.Catalog);
    internal static readonly WaErrorKind ReportFolderMissing = new("ReportFolderMissing", WaErrorCategory.ObjectNotFound, ReportText.Catalog);
    internal static readonly WaErrorKind ReportPathTaken = new("ReportPathTaken", WaErrorCategory.InvalidArgument, ReportText.Catalog);
}
