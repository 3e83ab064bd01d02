using Npgsql;
using WaMigration.Databases.Postgres.Schema;
using static WaMigration.Databases.Postgres.PostgresRows;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>
/// Triggers, rules and foreign keys out of the way of an update, where the role may not set session_replication_role (it
/// takes a superuser; the cloud providers' roles mostly may not). An owner may switch off triggers and rules and drop a
/// foreign key; how each comes back is kept beside the ledger, in the transaction that takes it away.
/// </summary>
internal static class SilencedByHand
{
    private const string Kept = SchemaQuery.LedgerSchema + ".silenced";

    /// <summary>What is in the way, as the statement that takes it away and those that bring it back, in order.</summary>
    private const string InTheWay = """
        SELECT 'ALTER TABLE ' || tgrelid::regclass || ' DISABLE TRIGGER ' || quote_ident(tgname),
               'ALTER TABLE ' || tgrelid::regclass || ' ENABLE ' || CASE tgenabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END || 'TRIGGER ' || quote_ident(tgname),
               NULL
        FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND c.relnamespace <> '_wamigration'::regnamespace AND c.relkind IN ('r', 'p') AND tgparentid = 0
        UNION ALL
        SELECT 'ALTER TABLE ' || ev_class::regclass || ' DISABLE RULE ' || quote_ident(rulename),
               'ALTER TABLE ' || ev_class::regclass || ' ENABLE ' || CASE ev_enabled WHEN 'A' THEN 'ALWAYS ' ELSE '' END || 'RULE ' || quote_ident(rulename),
               NULL
        FROM pg_rewrite JOIN pg_class c ON c.oid = ev_class
        WHERE c.relkind IN ('r', 'p') AND ev_enabled IN ('O', 'A') AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        UNION ALL
        SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname),
               'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(k.oid),
               'COMMENT ON CONSTRAINT ' || quote_ident(conname) || ' ON ' || conrelid::regclass || ' IS ' || quote_literal(obj_description(k.oid, 'pg_constraint'))
        FROM pg_constraint k WHERE contype = 'f' AND conparentid = 0
        """;

    /// <summary>Whether a run has taken things away and not brought them back.</summary>
    internal static Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        ValueAsync<bool>(connection, "SELECT to_regclass('" + Kept + "') IS NOT NULL", cancellation);

    /// <summary>Takes away what is in the way of rows, within the transaction that is open; nothing where the role may silence it in each transaction.</summary>
    /// <returns>Whether it was done by hand.</returns>
    internal static async Task<bool> TakeAwayAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await MaySetRoleAsync(connection, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        await RunAsync(connection, "CREATE TABLE " + Kept + " (place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, statement text NOT NULL)", cancellation).ConfigureAwait(false);
        var found = await ListAsync(
            connection,
            InTheWay,
            row => (Away: row.GetString(0), Back: row.GetString(1), Comment: row.IsDBNull(2) ? null : row.GetString(2)),
            cancellation).ConfigureAwait(false);
        foreach (var thing in found)
        {
            foreach (var back in new[] { thing.Back, thing.Comment }.OfType<string>())
            {
                await RunAsync(connection, "INSERT INTO " + Kept + " (statement) VALUES (" + Literal(back) + ")", cancellation).ConfigureAwait(false);
            }

            await RunAsync(connection, thing.Away, cancellation).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Brings all of it back, within the transaction that is open.</summary>
    internal static async Task BringBackAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var statement in await ListAsync(connection, "SELECT statement FROM " + Kept + " ORDER BY place", row => row.GetString(0), cancellation).ConfigureAwait(false))
        {
            await RunAsync(connection, statement, cancellation).ConfigureAwait(false);
        }

        await RunAsync(connection, "DROP TABLE " + Kept, cancellation).ConfigureAwait(false);
    }

    private static async Task<bool> MaySetRoleAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await RunAsync(connection, "SAVEPOINT wamigration_silence", cancellation).ConfigureAwait(false);
        var may = true;
        try
        {
            await RunAsync(connection, "SET LOCAL session_replication_role = replica", cancellation).ConfigureAwait(false);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            may = false;
        }

        await RunAsync(connection, "ROLLBACK TO SAVEPOINT wamigration_silence", cancellation).ConfigureAwait(false);
        return may;
    }
}
