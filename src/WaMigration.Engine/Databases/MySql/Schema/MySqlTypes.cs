using System.Globalization;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>
/// How values of each type are read as bytes, loaded from them, and made part of a digest, exactly. A column's type is the
/// server's own text, with the character set and collation of a text after it.
/// </summary>
internal static class MySqlTypes
{
    /// <summary>From this length on a digest takes a value's own hash in its place.</summary>
    private const string Long = "65536";

    private static readonly string[] Whole = ["tinyint", "smallint", "mediumint", "int", "bigint"];

    /// <summary>Their texts hold digits, signs, points and colons alone: no comma.</summary>
    private static readonly string[] Simple = [.. Whole, "decimal", "float", "double", "bit", "year", "date", "time", "datetime", "timestamp"];

    private static readonly string[] Texts = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"];
    private static readonly string[] Large = ["mediumtext", "longtext", "mediumblob", "longblob", "json", "vector"];
    private static readonly string[] Shapes = ["geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection"];

    /// <summary>In the same order on every server of the engine, and compared as they are ordered.</summary>
    private static readonly string[] Ordered = ["char", "varchar", "binary", "varbinary", "decimal", "date", "time", "datetime", "timestamp", "year"];

    /// <summary>The first word of a type.</summary>
    internal static string Base(string type)
    {
        var end = type.IndexOfAny([' ', '(']);
        return end < 0 ? type : type.Substring(0, end);
    }

    internal static bool IsWhole(TableColumn column) => Whole.Contains(Base(column.Type));

    internal static bool IsOrdered(TableColumn column) => Ordered.Contains(Base(column.Type));

    /// <summary>A value can be larger than what is kept in memory for each row.</summary>
    internal static bool IsLarge(string type) => Large.Contains(Base(type)) || Shapes.Contains(Base(type));

    internal static bool IsUnsigned(TableColumn column) => column.Type.Has(" unsigned");

    /// <summary>The value as bytes.</summary>
    internal static string Read(TableColumn column) => Base(column.Type) switch
    {
        // A float's text has fewer digits than the float.
        "float" or "double" => "CAST(" + column.Name + " + 0e0 AS BINARY)",
        "bit" => "CAST(" + column.Name + " + 0 AS BINARY)",
        //// What is in none of the members has the number 0, and comes back from it.
        "enum" when !column.Type.Contains("'0'") => "IF(" + column.Name + " + 0 = 0, _binary'0', CAST(" + column.Name + " AS BINARY))",
        "json" => "CAST(CONVERT(" + column.Name + " USING utf8mb4) AS BINARY)",
        "binary" or "varbinary" or "tinyblob" or "blob" or "mediumblob" or "longblob" => column.Name,
        _ => "CAST(" + column.Name + " AS BINARY)",
    };

    /// <summary>What makes the value of the bytes, {0}; null where they go into the column as they are.</summary>
    internal static string? Load(TableColumn column) => Base(column.Type) switch
    {
        "bit" => "CAST({0} AS UNSIGNED)",
        "json" => "CONVERT({0} USING utf8mb4)",
        _ => null,
    };

    /// <summary>
    /// The sum over all columns of this stands for a row: no two rows have the same input. All its literals are binary, as the
    /// values are: where one is a text of the session, MySQL converts what stands beside it, which is a quarter of the work.
    /// </summary>
    internal static string RowHash(IReadOnlyCollection<TableColumn> columns)
    {
        const string Comma = ", _binary',', ";
        var (head, tail) = (new List<string>(), new List<string>());
        foreach (var column in columns)
        {
            var kind = Base(column.Type);
            if (Simple.Contains(kind) || kind is "enum" or "set")
            {
                head.Add("IFNULL(" + (kind is "float" or "double" ? column.Name + " + 0e0" : kind is "bit" or "enum" or "set" ? column.Name + " + 0" : column.Name) + ", _binary'N')");
                continue;
            }

            var value = Read(column);
            head.Add("IFNULL(LENGTH(" + Length(column) + "), _binary'N')");
            tail.Add("IFNULL(" + (IsLarge(column.Type) ? "IF(LENGTH(" + Length(column) + ") < " + Long + ", " + value + ", SHA2(" + value + ", 256))" : value) + ", _binary'')");
        }

        return "CAST(CONV(LEFT(SHA2(CONCAT(_binary',', " + string.Join(Comma, head.Concat(tail)) + "), 256), 16), 16, 10) AS UNSIGNED)";
    }

    /// <summary>The length in bytes as they are read.</summary>
    internal static string Length(TableColumn column) => Base(column.Type) == "json" || !(IsLarge(column.Type) || Texts.Contains(Base(column.Type))) ? Read(column) : column.Name;

    /// <summary>A key's value as a text that <see cref="Literal"/> takes back.</summary>
    internal static string KeyText(TableColumn column) => Simple.Contains(Base(column.Type)) ? "CAST(" + Read(column) + " AS CHAR)" : "HEX(" + Read(column) + ")";

    /// <summary>A literal that is compared with the column as another value of it would be.</summary>
    internal static string Literal(TableColumn column, string text)
    {
        var kind = Base(column.Type);
        if (Whole.Contains(kind) || kind is "decimal" or "bit" or "year")
        {
            return text;
        }

        if (kind is "date" or "time" or "datetime" or "timestamp")
        {
            return "'" + text + "'";
        }

        if (kind is "float" or "double")
        {
            return text + (text.IndexOf('e') < 0 ? "e0" : string.Empty);
        }

        var bytes = text.Length == 0 ? "_binary''" : "0x" + text;
        return Collation(column) is { } collation ? "CONVERT(" + bytes + " USING " + collation.CharacterSet + ") COLLATE " + collation.Name : "CAST(" + bytes + " AS BINARY)";
    }

    /// <summary>The type's text, with what belongs to a text.</summary>
    internal static string Describe(string type, string? characterSet, string? collation) =>
        collation is null ? type : string.Format(CultureInfo.InvariantCulture, "{0} character set {1} collate {2}", type, characterSet, collation);

    internal static string? CollationOf(TableColumn column) => Collation(column)?.Name;

    private static (string CharacterSet, string Name)? Collation(TableColumn column)
    {
        const string Before = " character set ";
        const string Between = " collate ";
        var at = column.Type.LastIndexOf(Before, StringComparison.Ordinal);
        var then = column.Type.LastIndexOf(Between, StringComparison.Ordinal);
        return at < 0 || then < at ? null : (column.Type.Substring(at + Before.Length, then - at - Before.Length), column.Type.Substring(then + Between.Length));
    }
}
