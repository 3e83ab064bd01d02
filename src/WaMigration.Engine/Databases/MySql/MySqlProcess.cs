using System.Globalization;
using MySqlConnector;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql;

/// <summary>
/// What goes on on a server, as far as this login sees it: without PROCESS its own sessions alone. By SHOW PROCESSLIST, since MySQL's
/// information_schema.processlist keeps statements as utf8mb3 and fails as a whole (error 3854, seen on 9.7) while anybody
/// runs one that has binary values in it, as clients do all the time.
/// </summary>
internal sealed record MySqlProcess(string Id, string User, string From, string? Database, string Command, long Seconds, string Statement)
{
    /// <summary>It is in a statement of this module.</summary>
    internal bool IsOurs => Statement.StartsWith(Mark.TrimEnd(), StringComparison.Ordinal);

    /// <summary>All but the session that asks.</summary>
    internal static async Task<IReadOnlyList<MySqlProcess>> OthersAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        var own = (await NumberAsync(connection, "SELECT CONNECTION_ID()", cancellation).ConfigureAwait(false)).ToString(CultureInfo.InvariantCulture);
        var all = await ListAsync(
            connection,
            "SHOW FULL PROCESSLIST",
            row => new MySqlProcess(
                Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!,
                Text(row, 1) ?? string.Empty,
                Text(row, 2) ?? string.Empty,
                Text(row, 3),
                Text(row, 4) ?? string.Empty,
                row.IsDBNull(5) ? 0 : Convert.ToInt64(row.GetValue(5), CultureInfo.InvariantCulture),
                Text(row, 7) ?? string.Empty),
            cancellation).ConfigureAwait(false);
        return [.. all.Where(process => process.Id != own)];
    }

    /// <summary>Of a session that is just being opened or closed a server may say little.</summary>
    private static string? Text(MySqlDataReader row, int place) => row.IsDBNull(place) ? null : row.GetString(place);
}
