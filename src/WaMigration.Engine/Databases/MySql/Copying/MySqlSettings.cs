using MySqlConnector;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>Sets sessions alike, so that a value reads the same on every server, and is taken as it is.</summary>
internal static class MySqlSettings
{
    /// <summary>Any text, any date, a zero where a zero is: what was in the source is taken without an opinion on it.</summary>
    private const string Common =
        "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00', wait_timeout = 604800, net_read_timeout = 3600, net_write_timeout = 3600, "
        + "lock_wait_timeout = 20, innodb_lock_wait_timeout = 20, sql_quote_show_create = 1, sql_big_selects = 1, sql_select_limit = DEFAULT, sql_safe_updates = 0, autocommit = 1, "
        + "character_set_client = utf8mb4, character_set_results = utf8mb4, character_set_connection = utf8mb4, collation_connection = utf8mb4_bin, foreign_key_checks = 0";

    /// <summary>For what only waits for other sessions of the same copy.</summary>
    internal const string Patient = "SET SESSION lock_wait_timeout = 86400";

    internal const string Impatient = "SET SESSION lock_wait_timeout = 20";

    /// <summary>Each by itself, since not every server has it, nor every account may set it.</summary>
    private static readonly string[] Optional =
    [
        "SET SESSION max_error_count = 65535", "SET SESSION max_statement_time = 0", "SET SESSION max_execution_time = 0", "SET SESSION information_schema_stats_expiry = 0", "SET SESSION check_constraint_checks = 0",
        "SET SESSION system_versioning_insert_history = 1", "SET SESSION system_versioning_alter_history = KEEP", "SET SESSION sql_generate_invisible_primary_key = 0", "SET SESSION show_gipk_in_create_table_and_information_schema = 1",
        "SET SESSION sql_require_primary_key = 0", "SET SESSION restrict_fk_on_non_standard_key = 0", "SET SESSION tx_isolation = 'REPEATABLE-READ'", "SET SESSION transaction_isolation = 'REPEATABLE-READ'", "SET SESSION innodb_strict_mode = 0",
    ];

    internal static async Task ApplyAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        await RunAsync(connection, Common, cancellation).ConfigureAwait(false);
        foreach (var statement in Optional)
        {
            try
            {
                await RunAsync(connection, statement, cancellation).ConfigureAwait(false);
            }
            catch (MySqlException failure) when (failure.Number is 1193 or 1227 or 1229 or 1231 or 1238 or 3802)
            {
                // Not known here, or not this account's to set: what depends on it is asked before anything is written.
                continue;
            }
        }
    }

    /// <summary>After statements that change settings of their session.</summary>
    internal static Task RestoreAsync(MySqlConnection connection, CancellationToken cancellation) =>
        RunAsync(connection, Common, cancellation);
}
