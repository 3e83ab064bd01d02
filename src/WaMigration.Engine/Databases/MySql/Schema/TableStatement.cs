using System.Text.RegularExpressions;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>What SHOW CREATE TABLE gives, taken apart: columns, keys, what comes after. Nothing of it is rewritten.</summary>
internal sealed class TableStatement
{
    private static readonly Regex Counter = new(@"\bAUTO_INCREMENT=\d+ ?", RegexOptions.CultureInvariant);
    private static readonly Regex KeyLine = new(@"^(UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY ", RegexOptions.CultureInvariant);
    private static readonly Regex ForeignLine = new(@"^CONSTRAINT `(?:[^`]|``)*` FOREIGN KEY |^FOREIGN KEY ", RegexOptions.CultureInvariant);
    private static readonly Regex TwiceNamed = new(@" CHARACTER SET (\w+) COLLATE \1_", RegexOptions.CultureInvariant);
    private static readonly Regex OtherDatabase = new(@" REFERENCES `(?:[^`]|``)*`\.", RegexOptions.CultureInvariant);

    private readonly string head;
    private readonly string tail;

    private TableStatement(string head, IReadOnlyList<string> items, string tail)
    {
        (this.head, this.tail) = (head, tail);
        Items = items;
    }

    /// <summary>Columns, keys and constraints, in order.</summary>
    internal IReadOnlyList<string> Items { get; }

    internal IEnumerable<string> Keys => Items.Where(item => KeyLine.IsMatch(item));

    internal IEnumerable<string> ForeignKeys => Items.Where(item => ForeignLine.IsMatch(item));

    /// <summary>A foreign key to a table of another database.</summary>
    internal bool LeavesDatabase => ForeignKeys.Any(item => OtherDatabase.IsMatch(item));

    /// <summary>The table without what comes later.</summary>
    internal string Without(IEnumerable<string> later)
    {
        var left = new HashSet<string>(later, StringComparer.Ordinal);
        return head + "\n  " + string.Join(",\n  ", Items.Where(item => !left.Contains(item))) + "\n" + tail;
    }

    /// <summary>The name of a key; the column that a line of one begins with stands first in its brackets.</summary>
    internal static string NameOf(string key)
    {
        var from = key.IndexOf('`') + 1;
        var to = from;
        while (key[to] != '`' || (to + 1 < key.Length && key[to + 1] == '`'))
        {
            to += key[to] == '`' ? 2 : 1;
        }

        return key.Substring(from, to - from).Replace("``", "`");
    }

    internal static TableStatement Parse(string text)
    {
        var open = SkipTo(text, 0, '(');
        var items = new List<string>();
        var from = open + 1;
        var at = from;
        while (true)
        {
            at = SkipTo(text, at, ',', ')');
            items.Add(Plain(text.Substring(from, at - from).Trim()));
            if (text[at] == ')')
            {
                break;
            }

            from = ++at;
        }

        var rest = text.Substring(at);
        var quote = rest.IndexOf('\'');
        var options = quote < 0 ? rest : rest.Substring(0, quote);
        return new TableStatement(text.Substring(0, open + 1), items.ToArray(), Counter.Replace(options, string.Empty, 1) + (quote < 0 ? string.Empty : rest.Substring(quote)));
    }

    /// <summary>
    /// Without the name of a character set that its collation says, too. MySQL shows it where a statement had it, so that a
    /// table made by what it shows would show something else.
    /// </summary>
    private static string Plain(string item)
    {
        var plain = new System.Text.StringBuilder();
        var from = 0;
        for (var at = 0; at < item.Length; at++)
        {
            if (item[at] is '\'' or '"' or '`')
            {
                plain.Append(TwiceNamed.Replace(item.Substring(from, at - from), " COLLATE $1_"));
                var end = Math.Min(SkipQuoted(item, at) + 1, item.Length);
                plain.Append(item, at, end - at);
                (from, at) = (end, end - 1);
            }
        }

        return plain.Append(TwiceNamed.Replace(item.Substring(from), " COLLATE $1_")).ToString();
    }

    /// <summary>The place of the first of these letters outside quotes and inner brackets.</summary>
    private static int SkipTo(string text, int from, params char[] wanted)
    {
        var depth = 0;
        for (var at = from; at < text.Length; at++)
        {
            var letter = text[at];
            if (depth == 0 && wanted.Contains(letter))
            {
                return at;
            }

            if (letter is '\'' or '"' or '`')
            {
                at = SkipQuoted(text, at);
            }
            else if (letter == '(')
            {
                depth++;
            }
            else if (letter == ')')
            {
                depth--;
            }
        }

        throw new FormatException("A table's statement ends before its columns do.");
    }

    /// <summary>The place of the quote that ends what begins here.</summary>
    private static int SkipQuoted(string text, int at)
    {
        var quote = text[at];
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\' && quote != '`')
            {
                at++;
            }
            else if (text[at] == quote)
            {
                if (at + 1 >= text.Length || text[at + 1] != quote)
                {
                    return at;
                }

                at++;
            }
        }

        return text.Length;
    }
}
