using System.Globalization;
using System.Net;
using System.Text;

namespace WaMigration.Migrations.Reports;

/// <summary>Writes a report as one HTML file: nothing is fetched, nothing runs, and every value is encoded.</summary>
internal static class HtmlReport
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
        h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #ccc}
        table{border-collapse:collapse;margin:.6rem 0}th,td{border:1px solid #ccc;padding:.25rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        th{background:#f2f2f2}pre{background:#f6f6f6;padding:.6rem;white-space:pre-wrap;overflow-wrap:anywhere}
        """;

    internal static string Write(ReportDocument report)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"").Append(Encode(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)).Append("\">\n<head>\n<meta charset=\"utf-8\" />\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n")
            .Append("<title>").Append(Encode(report.Title)).Append("</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<h1>").Append(Encode(report.Title)).Append("</h1>\n");
        foreach (var section in report.Sections)
        {
            page.Append("<h2>").Append(Encode(section.Heading)).Append("</h2>\n");
            foreach (var block in section.Blocks)
            {
                Append(page, block);
            }
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, ReportBlock block)
    {
        switch (block)
        {
            case ReportTable table:
                page.Append("<table>\n");
                AppendRow(page, "th", table.Columns);
                foreach (var row in table.Rows)
                {
                    AppendRow(page, "td", row);
                }

                page.Append("</table>\n");
                break;
            case ReportLines lines:
                page.Append("<pre>").Append(Encode(lines.Text)).Append("</pre>\n");
                break;
            case ReportParagraph paragraph:
                page.Append("<p>").Append(Encode(paragraph.Text)).Append("</p>\n");
                break;
            default:
                throw new InvalidOperationException($"A report cannot hold {block.GetType()}.");
        }
    }

    private static void AppendRow(StringBuilder page, string cell, IEnumerable<string> values)
    {
        page.Append("<tr>");
        foreach (var value in values)
        {
            page.Append('<').Append(cell).Append('>').Append(Encode(value)).Append("</").Append(cell).Append('>');
        }

        page.Append("</tr>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
