using System.Text;
using WaMigration.Security;

namespace WaMigration.Migrations.Reports;

/// <summary>Writes the report of a migration into a file. The migration itself is only read, and may be running.</summary>
internal static class ReportFile
{
    private const string Name = "report";
    private static readonly string[] MarkdownExtensions = [".md", ".markdown"];

    /// <param name="folder">The migration's folder.</param>
    /// <param name="path">The file, or a folder for it; null for the migration's own.</param>
    /// <param name="format">Null for what the file's extension says, which is HTML for all but Markdown's own.</param>
    /// <param name="force">Replaces a report that is there.</param>
    /// <param name="operation">The frame.</param>
    /// <returns>Null where it was only planned.</returns>
    /// <exception cref="WaException">MigrationNotFound, ReportExists, ReportFolderMissing, ReportPathTaken.</exception>
    internal static WaMigrationReport? Write(string folder, string? path, WaReportFormat? format, bool force, Operation operation)
    {
        var migration = MigrationFolder.Read(folder, operation);
        var kind = format ?? FormatOf(path);
        var target = Path.GetFullPath(path is null ? folder : path);
        if (Directory.Exists(target))
        {
            target = Path.Combine(target, Name + (kind == WaReportFormat.Html ? ".html" : MarkdownExtensions[0]));
        }

        Require(target, folder, force);
        if (!operation.May(target, ReportText.Catalog["WriteReport"]))
        {
            return null;
        }

        var report = MigrationReport.Of(migration);
        var text = kind == WaReportFormat.Html ? HtmlReport.Write(report) : MarkdownReport.Write(report);
        operation.Cancellation.ThrowIfCancellationRequested();
        PrivateFiles.Replace(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
        return new WaMigrationReport(target, kind, migration.Record.Id, migration.Record.State, migration.Now);
    }

    private static WaReportFormat FormatOf(string? path) =>
        path is not null && MarkdownExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? WaReportFormat.Markdown : WaReportFormat.Html;

    private static void Require(string target, string folder, bool force)
    {
        var parent = Path.GetDirectoryName(target)!;
        if (MigrationFiles.Own.Contains(Path.GetFileName(target), StringComparer.OrdinalIgnoreCase)
            && string.Equals(parent, Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar), StringComparison.OrdinalIgnoreCase))
        {
            throw ReportErrors.ReportPathTaken.Error(target);
        }

        if (!Directory.Exists(parent))
        {
            throw ReportErrors.ReportFolderMissing.Error(target, parent);
        }

        if (File.Exists(target) && !force)
        {
            throw ReportErrors.ReportExists.Error(target);
        }
    }
}
