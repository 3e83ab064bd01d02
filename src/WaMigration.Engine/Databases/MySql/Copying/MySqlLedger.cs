using System.Globalization;
using System.Text.Json;
using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>The tables in a target that say what of a copy is done. They go when it is.</summary>
internal static class MySqlLedger
{
    private const string KeptKind = "kept";
    private const string Options = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    private static readonly string RunTable = Quote(MySqlNames.Run);
    private static readonly string Lines = Quote(MySqlNames.Ledger);

    internal static async Task CreateAsync(MySqlConnection connection, CopyRun run, WaDatabaseEngine engine, CancellationToken cancellation) => await RunAsync(
        connection,
        [
            "CREATE TABLE IF NOT EXISTS " + Lines + " (kind varchar(16) NOT NULL, name varchar(500) NOT NULL, part bigint NOT NULL, lower_bound text, upper_bound text, row_count bigint NOT NULL, bytes bigint NOT NULL, state varchar(16) NOT NULL, content longtext, PRIMARY KEY (kind, name, part))" + Options,
            "CREATE TABLE IF NOT EXISTS " + RunTable + " (id varchar(64) NOT NULL PRIMARY KEY, source text NOT NULL, model text NOT NULL, is_update tinyint NOT NULL, tables longtext NOT NULL, recipe varchar(64) NOT NULL, started timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)" + Options,
            "INSERT INTO " + RunTable + " (id, source, model, is_update, tables, recipe) VALUES (" + Literal(run.Id) + ", " + Literal(run.Source) + ", " + Literal(run.Model) + ", " + (run.IsUpdate ? "1" : "0") + ", " + Literal(run.Tables) + ", " + Literal(DigestRecipe.Of(engine)) + ")",
        ],
        cancellation).ConfigureAwait(false);

    /// <summary>What an earlier run left; null where there is none.</summary>
    internal static async Task<CopyRun?> FindRunAsync(MySqlConnection connection, CancellationToken cancellation)
    {
        if (await NumberAsync(connection, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = " + Literal(MySqlNames.Run), cancellation).ConfigureAwait(false) == 0)
        {
            return null;
        }

        return (await ListAsync(
            connection,
            "SELECT id, source, model, is_update, tables FROM " + RunTable,
            row => new CopyRun(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3) != 0, row.GetString(4)),
            cancellation).ConfigureAwait(false)).FirstOrDefault();
    }

    internal static async Task<IReadOnlyCollection<LedgerEntry>> ReadAsync(MySqlConnection connection, CancellationToken cancellation) => await ListAsync(
        connection,
        "SELECT kind, name, part, row_count, bytes FROM " + Lines,
        row => new LedgerEntry(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        cancellation).ConfigureAwait(false);

    internal static Task EnterAsync(MySqlConnection connection, string kind, string name, Chunk chunk, ChunkResult result, CancellationToken cancellation) => RunAsync(
        connection,
        "REPLACE INTO " + Lines + " (kind, name, part, lower_bound, upper_bound, row_count, bytes, state) VALUES (" + Literal(kind) + ", " + Literal(name) + ", " + Text(chunk.Number) + ", "
        + (chunk.FirstKey is { } first ? Literal(first) : Literal(Text(chunk.From))) + ", " + (chunk.EndKey is { } end ? Literal(end) : chunk.To is { } to ? Literal(Text(to)) : "NULL") + ", " + Text(result.Rows) + ", " + Text(result.Bytes) + ", 'done')",
        cancellation);

    internal static Task ForgetAsync(MySqlConnection connection, string table, CancellationToken cancellation) =>
        RunAsync(connection, "DELETE FROM " + Lines + " WHERE kind = " + Literal(LedgerEntry.ChunkKind) + " AND name = " + Literal(table), cancellation);

    /// <summary>Keeps how objects are made that are taken away for a while.</summary>
    internal static Task KeepAsync(MySqlConnection connection, IReadOnlyList<SchemaObject> objects, CancellationToken cancellation) => RunAsync(
        connection,
        objects.Select((item, place) => "REPLACE INTO " + Lines + " (kind, name, part, row_count, bytes, state, content) VALUES (" + Literal(KeptKind) + ", " + Literal(item.Key) + ", " + Text(place) + ", 0, 0, 'kept', " + Literal(JsonSerializer.Serialize(item.Statements)) + ")"),
        cancellation);

    internal static async Task<IReadOnlyList<IReadOnlyList<string>>> KeptAsync(MySqlConnection connection, CancellationToken cancellation) => [.. (await ListAsync(
        connection,
        "SELECT content FROM " + Lines + " WHERE kind = " + Literal(KeptKind) + " ORDER BY part",
        row => row.GetString(0),
        cancellation).ConfigureAwait(false)).Select(text => JsonSerializer.Deserialize<string[]>(text)!)];

    /// <summary>The run first: what is left without it is nobody's.</summary>
    internal static Task DropAsync(MySqlConnection connection, CancellationToken cancellation) =>
        RunAsync(connection, ["DROP TABLE IF EXISTS " + RunTable, "DROP TABLE IF EXISTS " + Lines], cancellation);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
