using System.Text;
using System.Text.RegularExpressions;

namespace WaMigration.Migrations.Reports;

/// <summary>Writes a report as Markdown. What a value holds is never taken for markup.</summary>
internal static class MarkdownReport
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    internal static string Write(ReportDocument report)
    {
        var page = new StringBuilder("# ").Append(Escape(report.Title)).Append('\n');
        foreach (var section in report.Sections)
        {
            page.Append("\n## ").Append(Escape(section.Heading)).Append('\n');
            foreach (var block in section.Blocks)
            {
                page.Append('\n');
                Append(page, block);
            }
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, ReportBlock block)
    {
        switch (block)
        {
            case ReportTable table:
                AppendRow(page, table.Columns.Select(Escape));
                AppendRow(page, table.Columns.Select(_ => "---"));
                foreach (var row in table.Rows)
                {
                    AppendRow(page, row.Select(Escape));
                }

                break;
            case ReportLines lines:
                var fence = Fence(lines.Text);
                page.Append(fence).Append("text\n").Append(lines.Text.Replace("\r\n", "\n")).Append('\n').Append(fence).Append('\n');
                break;
            case ReportParagraph paragraph:
                page.Append(Escape(paragraph.Text)).Append('\n');
                break;
            default:
                throw new InvalidOperationException($"A report cannot hold {block.GetType()}.");
        }
    }

    private static void AppendRow(StringBuilder page, IEnumerable<string> values) =>
        page.Append("| ").Append(string.Join(" | ", values)).Append(" |\n");

    private static string Escape(string text) =>
        Regex.Replace(
            Regex.Replace(text, @"[\\`*_\[\]<>#|&~!]", @"\$0", RegexOptions.None, MatchTimeout),
            @"\r?\n",
            " ",
            RegexOptions.None,
            MatchTimeout);

    /// <summary>Longer than any row of backticks within.</summary>
    private static string Fence(string text)
    {
        var longest = Regex.Matches(text, "`+", RegexOptions.None, MatchTimeout).Cast<Match>().Select(match => match.Length).DefaultIfEmpty(0).Max();
        return new string('`', Math.Max(3, longest + 1));
    }
}
