using System.Text.RegularExpressions;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>
/// What accounts and roles may do in a database, on its tables and programs, where somebody asks for that. The server's own
/// words are taken apart, so that the database may be called otherwise on the target; those on everything, beside which a
/// hash of a password may stand, are never looked at.
/// </summary>
internal static class GrantReader
{
    private const string Quoted = "`(?:[^`]|``)*`";
    private static readonly string[] TableKinds = ["table", "view", "sequence"];
    private static readonly Regex Line = new("^(?<verb>GRANT|REVOKE) (?<what>(?:[^`]|" + Quoted + ")+?) ON (?<kind>[A-Z ]+ )?(?<database>" + Quoted + @")\.(?<name>" + Quoted + @"|\*) (?:TO|FROM) (?<account>.+?)(?<option> WITH GRANT OPTION)?$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
    private static readonly Regex Privilege = new(@"\s*(?<name>[A-Z_ ]*[A-Z])\s*(?:\((?<columns>(?:[^`)]|" + Quoted + @")*)\))?,?", RegexOptions.CultureInvariant);

    /// <summary>How many grants there are on it; 0 where this login may not look.</summary>
    internal static async Task<int> CountAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            return (int)await NumberAsync(
                connection,
                "SELECT (SELECT COUNT(*) FROM mysql.db WHERE DATABASE() LIKE db) + (SELECT COUNT(*) FROM mysql.tables_priv WHERE db = DATABASE()) + (SELECT COUNT(*) FROM mysql.procs_priv WHERE db = DATABASE())",
                cancellation).ConfigureAwait(false);
        }
        catch (MySqlException failure) when (failure.Number is 1142 or 1143 or 1044)
        {
            return 0;
        }
    }

    internal static async Task ReadAsync(MySqlConnection connection, MySqlFindings found, CancellationToken cancellation)
    {
        if (await MySqlAccounts.AllAsync(connection, cancellation).ConfigureAwait(false) is not { } accounts)
        {
            throw CopyErrors.CannotSeeEverything.Error(connection.DataSource + "/" + connection.Database, null, [MySqlAccounts.MayNotLook], await MySqlAccounts.OwnAsync(connection, cancellation).ConfigureAwait(false), 1);
        }

        foreach (var account in accounts)
        {
            var lines = (await LinesAsync(connection, account, cancellation).ConfigureAwait(false)).Select(line => Line.Match(line)).Where(match => match.Success && match.Groups["account"].Value == account && IsOf(match, connection.Database)).ToList();
            foreach (var revoked in lines.Where(match => match.Groups["verb"].Value == "REVOKE"))
            {
                found.NotCarried.Add("partial revoke of " + revoked.Groups["what"].Value + " from " + account);
            }

            // Of a grant on this database and one on all that are called alike, the server looks at the first alone.
            foreach (var target in lines.Where(match => match.Groups["verb"].Value == "GRANT").GroupBy(match => match.Groups["kind"].Value + match.Groups["name"].Value))
            {
                var exact = target.Where(match => IsExactly(match, connection.Database)).ToList();
                Add(found, account, target.Key, exact.Count > 0 ? exact : [.. target]);
            }
        }
    }

    private static void Add(MySqlFindings found, string account, string target, List<Match> grants)
    {
        if (grants[0].Groups["name"].Value is not "*" and var name && !found.Objects.Any(item => item.Name == name && IsKind(item.Kind, grants[0].Groups["kind"].Value)))
        {
            // A grant outlives its table, and says nothing without it.
            return;
        }

        if (account != MySqlAccounts.Everybody)
        {
            found.Accounts.Add(account);
        }

        var privileges = string.Join(", ", grants.SelectMany(Privileges).Distinct().OrderBy(one => one, StringComparer.Ordinal));
        var option = grants.Any(grant => grant.Groups["option"].Success) ? " WITH GRANT OPTION" : string.Empty;
        found.Objects.Add(new SchemaObject(SchemaObject.PrivilegesKind, account + " on " + target, SchemaPhase.Last, null, ["GRANT " + privileges + " ON " + target + " TO " + account + option]));
    }

    /// <summary>Columns stand in no order that is the same on each server.</summary>
    private static IEnumerable<string> Privileges(Match grant) => Privilege.Matches(grant.Groups["what"].Value).Cast<Match>().Select(one =>
        one.Groups["name"].Value + (one.Groups["columns"].Success ? " (" + string.Join(", ", Regex.Matches(one.Groups["columns"].Value, Quoted).Cast<Match>().Select(column => column.Value).OrderBy(column => column, StringComparer.Ordinal)) + ")" : string.Empty));

    private static bool IsKind(string kind, string word) => word.Length == 0 ? TableKinds.Contains(kind) : string.Equals(kind, word.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool IsOf(Match grant, string database) => grant.Groups["name"].Value == "*"
        ? MySqlPrivileges.Covers(grant.Groups["database"].Value, database)
        : Unquote(grant.Groups["database"].Value) == database;

    private static bool IsExactly(Match grant, string database) =>
        grant.Groups["name"].Value != "*" || Unquote(grant.Groups["database"].Value).Replace("\\_", "_").Replace("\\%", "%") == database;

    /// <summary>An account may have gone since, and MariaDB knows nothing of everybody where nobody gave them anything.</summary>
    private static async Task<IReadOnlyList<string>> LinesAsync(MySqlConnection connection, string account, CancellationToken cancellation)
    {
        try
        {
            return await ListAsync(connection, "SHOW GRANTS FOR " + account, row => row.GetString(0), cancellation).ConfigureAwait(false);
        }
        catch (MySqlException failure) when (failure.Number == 1141)
        {
            return [];
        }
    }
}
