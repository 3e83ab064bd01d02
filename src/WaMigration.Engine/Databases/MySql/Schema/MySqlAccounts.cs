using MySqlConnector;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Schema;

/// <summary>The accounts and roles of a server, as statements quote them.</summary>
internal static class MySqlAccounts
{
    /// <summary>Everybody, on MariaDB; it is always there, and no name in quotes.</summary>
    internal const string Everybody = "PUBLIC";

    /// <summary>What a login lacks that may not look at accounts.</summary>
    internal const string MayNotLook = "no SELECT on `mysql`";

    /// <summary>All of them; null where this login may not look.</summary>
    internal static async Task<IReadOnlyList<string>?> AllAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await ListAsync(connection, "SELECT user, host FROM mysql.user ORDER BY 1, 2", row => Text(connection, row.GetString(0), row.GetString(1)), cancellation).ConfigureAwait(false);
        }
        catch (MySqlException failure) when (failure.Number is 1142 or 1143 or 1044)
        {
            return null;
        }
    }

    /// <summary>The one that this session runs as.</summary>
    internal static async Task<string> OwnAsync(MySqlConnection connection, CancellationToken cancellation) =>
        Text(connection, (await TextAsync(connection, "SELECT CURRENT_USER()", cancellation).ConfigureAwait(false))!);

    /// <summary>One that stands as name@host.</summary>
    internal static string Text(MySqlConnection connection, string account)
    {
        var at = account.LastIndexOf('@');
        return at < 0 ? Quote(account) : Text(connection, account.Substring(0, at), account.Substring(at + 1));
    }

    /// <summary>A role of MariaDB has no host.</summary>
    private static string Text(MySqlConnection connection, string name, string host) =>
        host.Length > 0 || !connection.ServerVersion.Has("MariaDB") ? Quote(name) + "@" + Quote(host)
        : name == Everybody ? Everybody
        : Quote(name);
}
