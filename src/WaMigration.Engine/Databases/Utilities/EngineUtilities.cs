using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql;

namespace WaMigration.Databases.Utilities;

/// <summary>Finds the dump tools for a server.</summary>
internal static class EngineUtilities
{
    internal static async Task<IUtility> OfAsync(WaDatabaseServer server, ServerFacts facts, CopyOptions options, Operation operation)
    {
        var isPostgres = facts.Engine == WaDatabaseEngine.PostgreSql;
        RequirePossible(server, isPostgres, options);
        var dumper = await UtilityProgram.FindAsync(facts.Engine, isPostgres ? PostgresUtility.Dumpers : MySqlUtility.Dumpers(facts.Engine), options.UtilityFolder, operation.Cancellation).ConfigureAwait(false);
        var restorer = await UtilityProgram.FindAsync(facts.Engine, isPostgres ? PostgresUtility.Restorers : MySqlUtility.Restorers(facts.Engine), options.UtilityFolder, operation.Cancellation).ConfigureAwait(false);
        return isPostgres
            ? new PostgresUtility(server, dumper, restorer, options.IncludeOwner)
            : new MySqlUtility(server, facts.Engine, dumper, restorer, await IsEncryptedAsync(server, operation).ConfigureAwait(false));
    }

    /// <summary>The tools take whole databases as they stand; those of MySQL and MariaDB know nothing of grants.</summary>
    private static void RequirePossible(WaDatabaseServer server, bool isPostgres, CopyOptions options)
    {
        var asked = options.IncludeOwner && !isPostgres ? "-IncludeOwner" : options.Update ? "-Update" : options.AllowActiveClient ? "-AllowActiveClient" : options.ExcludeTables.Count > 0 ? "-ExcludeTable" : null;
        if (asked is not null)
        {
            throw UtilityErrors.UtilityCannot.Error(server.ToString(), asked);
        }
    }

    /// <summary>MariaDB's tools cannot prefer encryption: they are told what a session of ours came to.</summary>
    private static Task<bool> IsEncryptedAsync(WaDatabaseServer server, Operation operation) => MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) => (await MySqlRows.ListAsync(connection, "SHOW SESSION STATUS LIKE 'Ssl_cipher'", row => row.GetString(1), cancellation).ConfigureAwait(false)).Any(cipher => cipher.Length > 0),
        operation);
}
