using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>What would stop a load half way, asked of the target before anything is written.</summary>
internal static class MySqlRequirements
{
    private static readonly string[] Programs = ["function", "trigger"];

    internal static async Task<IReadOnlyList<string>> MissingAsync(MySqlConnection connection, string address, DatabaseModel model, CancellationToken cancellation)
    {
        await RequirePacketAsync(connection, address, model, cancellation).ConfigureAwait(false);
        await RequireProgramsAsync(connection, address, model, cancellation).ConfigureAwait(false);
        await RequireKeylessAsync(connection, address, model, cancellation).ConfigureAwait(false);
        var missing = new List<string>();
        missing.AddRange(await EnginesAsync(connection, model, cancellation).ConfigureAwait(false));
        missing.AddRange(await CollationsAsync(connection, model, cancellation).ConfigureAwait(false));
        missing.AddRange(await AccountsAsync(connection, address, model, cancellation).ConfigureAwait(false));
        return missing;
    }

    /// <summary>Says that rows go a slower way where the target takes none by LOAD DATA.</summary>
    internal static async Task WarnIfSlowAsync(MySqlConnection connection, string address, IOperationConsole console, CancellationToken cancellation)
    {
        if (await NumberAsync(connection, "SELECT @@local_infile", cancellation).ConfigureAwait(false) == 0)
        {
            console.Warning(DatabaseText.Catalog.Format("LoadByInsert", address));
        }
    }

    /// <summary>A value that is larger than what the target hands out could be loaded, and never read again.</summary>
    private static async Task RequirePacketAsync(MySqlConnection connection, string address, DatabaseModel model, CancellationToken cancellation)
    {
        var most = await NumberAsync(connection, "SELECT @@global.max_allowed_packet", cancellation).ConfigureAwait(false);
        var large = model.Tables.Where(table => table.Largest >= most).Select(table => table.Name + ": " + table.Largest.ToString(CultureInfo.InvariantCulture)).ToList();
        if (large.Count > 0)
        {
            throw CopyErrors.TargetPacketTooSmall.Error(address, null, large, large[0], most.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task RequireProgramsAsync(MySqlConnection connection, string address, DatabaseModel model, CancellationToken cancellation)
    {
        var first = model.Objects.FirstOrDefault(item => Programs.Contains(item.Kind));
        if (first is not null
            && await NumberAsync(connection, "SELECT @@log_bin", cancellation).ConfigureAwait(false) != 0
            && await NumberAsync(connection, "SELECT @@log_bin_trust_function_creators", cancellation).ConfigureAwait(false) == 0
            && !await MySqlPrivileges.IsSuperAsync(connection, cancellation).ConfigureAwait(false))
        {
            throw CopyErrors.TargetRefusesPrograms.Error(address, null, [], first.Key);
        }
    }

    private static async Task RequireKeylessAsync(MySqlConnection connection, string address, DatabaseModel model, CancellationToken cancellation)
    {
        var without = model.Objects.Where(item => item.Kind == "table" && !item.Statements[0].Contains("PRIMARY KEY")).Select(item => item.Key).ToList();
        if (without.Count == 0 || (await ListAsync(connection, "SHOW VARIABLES LIKE 'sql_require_primary_key'", row => row.GetString(1), cancellation).ConfigureAwait(false)).FirstOrDefault() != "ON")
        {
            return;
        }

        try
        {
            await RunAsync(connection, "SET SESSION sql_require_primary_key = 0", cancellation).ConfigureAwait(false);
        }
        catch (MySqlException failure) when (failure.Number is 1227 or 1229)
        {
            throw CopyErrors.TargetRequiresPrimaryKeys.Error(address, failure, without, without[0]);
        }
    }

    private static async Task<IEnumerable<string>> EnginesAsync(MySqlConnection connection, DatabaseModel model, CancellationToken cancellation)
    {
        var there = new HashSet<string>(await ListAsync(connection, "SELECT engine FROM information_schema.engines WHERE support IN ('YES', 'DEFAULT')", row => row.GetString(0), cancellation).ConfigureAwait(false), StringComparer.OrdinalIgnoreCase);
        return model.Objects.Where(item => item.Kind == "table")
            .Select(item => (item.Key, Engine: System.Text.RegularExpressions.Regex.Match(item.Statements[0], @"\n\)[^']*?\bENGINE=(\w+)").Groups[1].Value))
            .Where(item => item.Engine.Length > 0 && !there.Contains(item.Engine))
            .Select(item => "storage engine " + item.Engine + " of " + item.Key);
    }

    /// <summary>Accounts are the server's, and are never made: a password would have to be, too.</summary>
    private static async Task<IReadOnlyList<string>> AccountsAsync(MySqlConnection connection, string address, DatabaseModel model, CancellationToken cancellation)
    {
        if (!model.IncludesOwner)
        {
            return [];
        }

        var own = await MySqlAccounts.OwnAsync(connection, cancellation).ConfigureAwait(false);
        var there = await MySqlAccounts.AllAsync(connection, cancellation).ConfigureAwait(false) ?? throw CopyErrors.CannotSeeEverything.Error(address, null, [MySqlAccounts.MayNotLook], own, 1);
        var definer = model.Objects.Where(item => item.Kind != SchemaObject.PrivilegesKind).Select(item => Definers.Split(item.Statements[item.Statements.Count - 1]).Definer).FirstOrDefault(one => one is not null && one != own);
        if (definer is not null && !await MySqlPrivileges.MaySetDefinersAsync(connection, cancellation).ConfigureAwait(false))
        {
            throw CopyErrors.DatabasePrivilegeMissing.Error(address, null, [], own, DatabaseText.Catalog.Format("MayNotActFor", definer));
        }

        return model.Objects.Any(item => item.Kind == SchemaObject.PrivilegesKind) && !await MySqlPrivileges.MayGrantAsync(connection, cancellation).ConfigureAwait(false)
            ? throw CopyErrors.DatabasePrivilegeMissing.Error(address, null, [], own, DatabaseText.Catalog["MayNotGrant"])
            : [.. model.Roles.Except(there).Select(account => "account " + account)];
    }

    private static async Task<IEnumerable<string>> CollationsAsync(MySqlConnection connection, DatabaseModel model, CancellationToken cancellation)
    {
        var there = new HashSet<string>(await ListAsync(connection, "SHOW COLLATION", row => row.GetString(0), cancellation).ConfigureAwait(false), StringComparer.OrdinalIgnoreCase);
        var wanted = model.Tables.SelectMany(table => table.Columns).Select(column => MySqlTypes.CollationOf(column)).Where(name => name is not null).Select(name => name!)
            .Append(model.Properties.TryGetValue("collation", out var own) ? own : "utf8mb4_bin").Distinct();
        return wanted.Where(name => !there.Contains(name)).Select(name => "collation " + name);
    }
}
