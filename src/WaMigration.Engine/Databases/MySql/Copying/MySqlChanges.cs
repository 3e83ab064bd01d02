using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Changes rows where they are. One that is removed and added again is written anew in every index of its table, each time
/// at another place; here only the indexes whose columns become others are touched. The rows come through a temporary table.
/// </summary>
internal sealed class MySqlChanges
{
    private const string Fresh = "`_wamigration_changes`";
    private readonly TableModel table;
    private readonly IReadOnlyList<TableColumn> others;

    private MySqlChanges(TableModel table, IReadOnlyList<TableColumn> others)
    {
        this.table = table;
        this.others = others;
        Loaded = table with { Name = Fresh };
    }

    /// <summary>The temporary table, as something that rows are loaded into.</summary>
    internal TableModel Loaded { get; }

    /// <summary>Null for a table whose rows nothing tells apart, or all of whose columns do.</summary>
    internal static MySqlChanges? Of(TableModel table)
    {
        var others = table.Stored.Except(table.Key).ToList();
        return table.Key.Count == 0 || others.Count == 0 || table.Key.Any(column => !column.IsStored) ? null : new MySqlChanges(table, others);
    }

    /// <summary>
    /// Null where the server will not: an account that may make no temporary table, a unique value that another row has for
    /// now, a value that it takes from a file alone. Then nothing is changed.
    /// </summary>
    /// <param name="connection">A session outside of a transaction.</param>
    /// <param name="load">Loads the rows into <see cref="Loaded"/>.</param>
    /// <param name="refused">Is told why not.</param>
    /// <param name="cancellation">Ends it, and the session with it.</param>
    internal async Task<ChunkResult?> MakeAsync(MySqlConnection connection, Func<Task<ChunkResult>> load, Action<string> refused, CancellationToken cancellation)
    {
        string reason;
        try
        {
            await RunAsync(connection, [Create(), "BEGIN"], cancellation).ConfigureAwait(false);
            var given = await load().ConfigureAwait(false);
            using var update = Command(connection, Update());
            var found = await update.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await MySqlLoader.RequireNoWarningAsync(connection, table, table.Name, cancellation).ConfigureAwait(false);
            if (found == given.Rows)
            {
                await RunAsync(connection, ["COMMIT", Drop], cancellation).ConfigureAwait(false);
                return given;
            }

            reason = DatabaseText.Catalog.Format("RowsDiffer", given.Rows, found);
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            // By its name alone: the server's words quote values.
            reason = failure is MySqlException server ? server.ErrorCode.ToString() : ((WaException)failure).ErrorId;
        }

        refused(reason);
        await RunAsync(connection, ["ROLLBACK", Drop], cancellation).ConfigureAwait(false);
        return null;
    }

    private static string Drop => "DROP TEMPORARY TABLE IF EXISTS " + Fresh;

    /// <summary>What is the server's last word on these rows, and not on the session.</summary>
    private static bool IsRefusal(Exception failure) =>
        failure is MySqlException server ? !MySqlConnections.IsConnection(server) && server.Number != 1317 : failure is WaException { ErrorId: "RowsNotTaken" };

    /// <summary>In the order of the key, so that the table is walked through once. Not LIKE the table: no temporary one has its full-text indexes.</summary>
    private string Create() =>
        "CREATE TEMPORARY TABLE " + Fresh + " (PRIMARY KEY (" + Names(table.Key) + ")) ENGINE = InnoDB SELECT " + Names([.. table.Stored]) + " FROM " + table.Name + " LIMIT 0";

    /// <summary>Every column is given its value, since one that the server counts up by itself would become the time of this.</summary>
    private string Update() =>
        "UPDATE " + Fresh + " fresh STRAIGHT_JOIN " + table.Name + " old ON " + string.Join(" AND ", table.Key.Select(column => "old." + column.Name + " = fresh." + column.Name))
        + " SET " + string.Join(", ", others.Select(column => "old." + column.Name + " = fresh." + column.Name));

    private static string Names(IReadOnlyList<TableColumn> columns) => string.Join(", ", columns.Select(column => column.Name));
}
