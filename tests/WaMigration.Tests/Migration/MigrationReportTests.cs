using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>Where the report of a migration goes, and what it may not replace.</summary>
public sealed class MigrationReportTests : IDisposable
{
    private readonly RecordSession session = new();

    [Fact]
    public void A_running_migration_is_reported_into_its_folder_and_nothing_else_there_changes()
    {
        session.Start();
        session.Run("Invoke-WaMigrationStep $m -Number 1 -Name Install -Skip -Reason 'it <is> there' -ScriptBlock { }").MustSucceed();
        var before = Files();

        Assert.Contains(session.Run("Export-WaMigrationReport $folder -WhatIf").WhatIfLines, line => line.Contains(Path.Combine(session.Folder, "report.html"), StringComparison.Ordinal));
        Assert.Equal(before, Files());

        var report = session.Run("Get-WaMigration $folder | Export-WaMigrationReport").Single();

        var path = Path.Combine(session.Folder, "report.html");
        Assert.Equal(path, ScriptResult.Value(report, "Path"));
        Assert.Equal("Html Running", $"{ScriptResult.Value(report, "Format")} {ScriptResult.Value(report, "State")}");
        Assert.Contains("<td>it &lt;is&gt; there</td>", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(["report.html"], Files().Except(before));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_report_that_is_there_is_replaced_only_with_Force_and_the_extension_says_how_it_is_written()
    {
        session.Start();
        var path = session.Other("r.md");
        session.Shell.Set("to", path);

        Assert.Equal("Markdown", session.Run("(Export-WaMigrationReport $folder $to).Format").Single().ToString());
        Assert.StartsWith("# Migration of ", File.ReadAllText(path), StringComparison.Ordinal);

        File.WriteAllText(path, "mine");
        Assert.Equal(["ReportExists"], session.Run("Export-WaMigrationReport $folder $to").ErrorIds);
        Assert.Equal("mine", File.ReadAllText(path));

        session.Run("Export-WaMigrationReport $folder $to -Format Html -Force").MustSucceed();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migration.json", "ReportPathTaken")]
    [InlineData("events.jsonl", "ReportPathTaken")]
    [InlineData("settings-backup", "ReportPathTaken")]
    [InlineData("nowhere/report.html", "ReportFolderMissing")]
    public void What_the_migration_needs_is_never_replaced(string name, string error)
    {
        session.Start();
        session.Shell.Set("to", Path.Combine(session.Folder, name));
        var before = Contents();

        Assert.Equal([error], session.Run("Export-WaMigrationReport $folder $to -Force").ErrorIds);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void A_folder_without_a_migration_has_no_report()
    {
        Assert.Equal(["MigrationNotFound"], session.Run("Export-WaMigrationReport $folder").ErrorIds);
        Assert.False(Directory.Exists(session.Folder));
    }

    public void Dispose() => session.Dispose();

    private string[] Files() => [.. Directory.GetFiles(session.Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string[] Contents() => [File.ReadAllText(Path.Combine(session.Folder, "migration.json")), File.ReadAllText(Path.Combine(session.Folder, "events.jsonl"))];
}
