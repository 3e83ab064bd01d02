using Npgsql;
using WaMigration.Databases.Postgres.Schema;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// Keeps the tables of a source as they are while they are read: nobody drops, alters or truncates one that is locked for
/// reading, while rows may still be written. Without it a snapshot finds a table empty that was truncated or rewritten
/// after it, and says so to nobody.
/// </summary>
internal static class TableLocks
{
    private const string Tables = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND " + SchemaQuery.UserSchema;

    /// <summary>Longer than anything but a large change of a table; who makes one is not copied in the middle of it.</summary>
    private const string LockWait = "SET lock_timeout = '10s'";

    /// <summary>Gives the tables that were dropped or rewritten between the snapshot and the lock.</summary>
    internal static async Task<IReadOnlyList<string>> TakeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var names = await PostgresRows.ListAsync(connection, "SELECT format('%I.%I', n.nspname, c.relname) " + Tables + " AND c.relkind <> 'm' ORDER BY 1", row => row.GetString(0), cancellation).ConfigureAwait(false);
        if (names.Count > 0)
        {
            await PostgresRows.RunAsync(connection, [LockWait, "LOCK TABLE ONLY " + string.Join(", ONLY ", names) + " IN ACCESS SHARE MODE", "SET lock_timeout = 0"], cancellation).ConfigureAwait(false);
        }

        // The function tells what is there now, the catalog what the snapshot sees.
        return await PostgresRows.ListAsync(connection, "SELECT format('%I.%I', n.nspname, c.relname) " + Tables + " AND c.relfilenode <> 0 AND pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode::oid ORDER BY 1", row => row.GetString(0), cancellation).ConfigureAwait(false);
    }
}
