using System.Text.RegularExpressions;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>
/// The account that a view, routine, trigger or event acts as. It stands beside the statement, not in it: an account is the
/// server's, not the database's, and may be another on the target.
/// </summary>
internal static class Definers
{
    private static readonly Regex Clause = new(@"^(CREATE (?:OR REPLACE )?(?:ALGORITHM=\w+ )?)DEFINER=(`(?:[^`]|``)*`@`(?:[^`]|``)*`|`(?:[^`]|``)*`) ", RegexOptions.CultureInvariant);
    private static readonly Regex Start = new(@"^CREATE (?:OR REPLACE )?(?:ALGORITHM=\w+ )?", RegexOptions.CultureInvariant);

    /// <summary>A statement without its definer, and the definer.</summary>
    internal static (string Statement, string? Definer) Split(string statement)
    {
        var match = Clause.Match(statement);
        return match.Success ? (match.Groups[1].Value + statement.Substring(match.Length), match.Groups[2].Value) : (statement, null);
    }

    /// <summary>The statement with a definer.</summary>
    internal static string Join(string statement, string definer)
    {
        var match = Start.Match(statement);
        return statement.Insert(match.Length, "DEFINER=" + definer + " ");
    }
}
