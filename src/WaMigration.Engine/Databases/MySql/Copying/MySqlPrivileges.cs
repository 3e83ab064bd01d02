using System.Text.RegularExpressions;
using MySqlConnector;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>What an account may do, by its own grants. Both engines hide what it may not see, without a word.</summary>
internal static class MySqlPrivileges
{
    private static readonly Regex Grant = new(@"^GRANT (?<what>.+?) ON (?<where>(?:`(?:[^`]|``)*`|\*)\.(?:`(?:[^`]|``)*`|\*)) TO ", RegexOptions.CultureInvariant | RegexOptions.Singleline);

    /// <summary>Without one of these a table, a view's text, a trigger, an event or a routine would be missing.</summary>
    private static readonly string[] Needed = ["SELECT", "SHOW VIEW", "TRIGGER", "EVENT", "EXECUTE"];

    private static readonly string[] SettingDefiners = ["ALL PRIVILEGES", "SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"];

    /// <summary>What this account does not see of a database.</summary>
    internal static async Task<IReadOnlyList<string>> HiddenAsync(MySqlConnection connection, string database, CancellationToken cancellation)
    {
        var held = await HeldAsync(connection, database, cancellation).ConfigureAwait(false);
        return held.Contains("ALL PRIVILEGES") ? [] : [.. Needed.Where(one => !held.Contains(one)).Select(one => "no " + one + " on " + Quote(database))];
    }

    /// <summary>Whether it may do anything on the server.</summary>
    internal static async Task<bool> IsSuperAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var held = await HeldAsync(connection, null, cancellation).ConfigureAwait(false);
        return held.Contains("ALL PRIVILEGES") || held.Contains("SUPER");
    }

    /// <summary>Whether it may make objects that act as other accounts.</summary>
    internal static async Task<bool> MaySetDefinersAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var held = await HeldAsync(connection, null, cancellation).ConfigureAwait(false);
        return SettingDefiners.Any(held.Contains);
    }

    /// <summary>Whether it may hand on privileges, of anything at all.</summary>
    internal static async Task<bool> MayGrantAsync(MySqlConnection connection, CancellationToken cancellation) =>
        (await ListAsync(connection, "SHOW GRANTS", row => row.GetString(0), cancellation).ConfigureAwait(false)).Any(line => Grant.IsMatch(line) && line.EndsWith(" WITH GRANT OPTION", StringComparison.Ordinal));

    /// <summary>Privileges on everything, and those on the database.</summary>
    private static async Task<HashSet<string>> HeldAsync(MySqlConnection connection, string? database, CancellationToken cancellation)
    {
        var held = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in await ListAsync(connection, "SHOW GRANTS", row => row.GetString(0), cancellation).ConfigureAwait(false))
        {
            var match = Grant.Match(line);
            if (match.Success && (match.Groups["where"].Value == "*.*" || (database is not null && IsOf(match.Groups["where"].Value, database))))
            {
                held.UnionWith(match.Groups["what"].Value.Split(',').Select(one => one.Trim()));
            }
        }

        return held;
    }

    private static bool IsOf(string where, string database) =>
        where.EndsWith(".*", StringComparison.Ordinal) && where[0] == '`' && Covers(where.Substring(0, where.Length - 2), database);

    /// <summary>Whether the database of a grant, which is a pattern in quotes, is this one among others.</summary>
    internal static bool Covers(string quoted, string database)
    {
        var pattern = Regex.Escape(Unquote(quoted).Replace("\\_", "\u0001").Replace("\\%", "\u0002")).Replace("_", ".").Replace("%", ".*").Replace("\u0001", "_").Replace("\u0002", "%");
        return Regex.IsMatch(database, "^" + pattern + "$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }
}
