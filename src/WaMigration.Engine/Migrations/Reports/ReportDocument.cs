namespace WaMigration.Migrations.Reports;

/// <summary>What a report says, whatever it is written in.</summary>
internal sealed record ReportDocument(string Title, IReadOnlyList<ReportSection> Sections);

/// <summary>A part of it under its heading.</summary>
internal sealed record ReportSection(string Heading, IReadOnlyList<ReportBlock> Blocks)
{
    internal ReportSection(string heading, params ReportBlock[] blocks)
        : this(heading, (IReadOnlyList<ReportBlock>)blocks)
    {
    }
}

/// <summary>A piece of a section.</summary>
internal abstract record ReportBlock;

/// <summary>A sentence.</summary>
internal sealed record ReportParagraph(string Text) : ReportBlock;

/// <summary>Lines that stand as they are.</summary>
internal sealed record ReportLines(string Text) : ReportBlock;

/// <summary>Rows of values under their names.</summary>
internal sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportBlock
{
    /// <summary>Names and values, one a row.</summary>
    internal static ReportTable Facts(params (string Name, string Value)[] facts) =>
        new([ReportText.Catalog["ColumnWhat"], ReportText.Catalog["ColumnValue"]], [.. facts.Select(fact => (IReadOnlyList<string>)[ReportText.Catalog[fact.Name], fact.Value])]);

    /// <summary>The names are those of texts; null where there is no row.</summary>
    internal static ReportTable? Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        return all.Count == 0 ? null : new ReportTable([.. columns.Select(name => ReportText.Catalog[name])], all);
    }
}
