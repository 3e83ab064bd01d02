using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>The rows of PostgreSQL tables by parts.</summary>
internal sealed class PostgresParts(PostgresSessions sessions) : IRowParts
{
    /// <summary>About how many rows a part has: few enough to be read again for one that changed, wherever that is.</summary>
    private const int RowsInPart = 8;

    private const int MostParts = 1 << 17;

    /// <summary>A part of the table that is read row by row sooner than all of it.</summary>
    private const int SmallShare = 8;

    /// <summary>Groups are so many, and hashed groups so much cheaper than sorted rows, that no estimate may decide.</summary>
    private static readonly string[] Grouping = ["SET enable_sort = off", "SET work_mem = '64MB'", "SET max_parallel_workers_per_gather = 0"];

    private static readonly string[] NoGrouping = ["RESET enable_sort", "RESET work_mem", "RESET max_parallel_workers_per_gather"];

    public Task<string> CutAsync(TableModel table, CancellationToken cancellation) => table.Range != RangeKind.Number
        ? Task.FromResult(PostgresCut.Hash(Mask(table)))
        : sessions.UseAsync(
            async connection =>
            {
                var (low, high) = (await PostgresRows.ListAsync(
                    connection,
                    "SELECT coalesce(min(" + table.Key[0].Name + "), 0)::int8, coalesce(max(" + table.Key[0].Name + "), 0)::int8 FROM ONLY " + table.Name,
                    row => (row.GetInt64(0), row.GetInt64(1)),
                    cancellation).ConfigureAwait(false))[0];
                var shift = 0;
                for (var span = ((decimal)high - low) / Parts(table); span >= 1 && shift < 62; span /= 2)
                {
                    shift++;
                }

                return PostgresCut.Number(shift);
            },
            table.Name,
            cancellation);

    public Task<PartDigests> DigestPartsAsync(TableModel table, string cut, IReadOnlyCollection<long>? only, CancellationToken cancellation) =>
        sessions.UseAsync(
            async connection =>
            {
                await PostgresRows.RunAsync(connection, Grouping, cancellation).ConfigureAwait(false);
                var digests = new PartDigests(only?.Count ?? (int)Parts(table));
                await PostgresRows.EachAsync(
                    connection,
                    "SELECT " + new PostgresCut(table, cut).Expression + ", count(*), coalesce(sum(" + PostgresStatements.RowHash(table) + "), 0) FROM " + PostgresStatements.From(table) + (only is null ? string.Empty : " WHERE " + Condition(table, cut, only)) + " GROUP BY 1",
                    row => digests.Add(row.GetInt64(0), new TableDigest(row.GetInt64(1), row.GetDecimal(2))),
                    cancellation).ConfigureAwait(false);
                await PostgresRows.RunAsync(connection, NoGrouping, cancellation).ConfigureAwait(false);
                return digests;
            },
            table.Name,
            cancellation);

    public Task KeysAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, Action<RowKey, long> take, CancellationToken cancellation) =>
        sessions.UseAsync(
            connection => PostgresRows.EachAsync(
                connection,
                "SELECT " + PostgresStatements.RowHash(table) + ", " + string.Join(", ", table.Key.Select(column => column.Name + "::text")) + " FROM " + PostgresStatements.From(table) + " WHERE " + Condition(table, cut, parts),
                row => take(new RowKey([.. Enumerable.Range(1, table.Key.Count).Select(row.GetString)]), row.GetInt64(0)),
                cancellation),
            table.Name,
            cancellation);

    public Task<ChunkResult> ReadPartsAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => PostgresStreams.ReadAsync(connection, sessions.Time, PostgresStatements.CopyOut(table, format, Condition(table, cut, parts)), format, write, cancellation),
        table.Name,
        cancellation);

    public Task<ChunkResult> ReadRowsAsync(TableModel table, IReadOnlyList<RowKey> keys, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => PostgresStreams.ReadAsync(connection, sessions.Time, PostgresStatements.CopyOut(table, format, Among(table, keys)), format, write, cancellation),
        table.Name,
        cancellation);

    /// <summary>The rows with these keys.</summary>
    internal static string Among(TableModel table, IReadOnlyList<RowKey> keys)
    {
        var columns = string.Join(", ", table.Key.Select(column => column.Name));
        var typed = string.Join(", ", table.Key.Select((column, place) => "x.k" + place.ToString(CultureInfo.InvariantCulture) + "::" + column.Type));
        var names = string.Join(", ", table.Key.Select((_, place) => "k" + place.ToString(CultureInfo.InvariantCulture)));
        var arrays = string.Join(", ", table.Key.Select((_, place) => "ARRAY[" + string.Join(", ", keys.Select(key => PostgresRows.Literal(key.Values[place]))) + "]::text[]"));
        return "(" + columns + ") IN (SELECT " + typed + " FROM unnest(" + arrays + ") x(" + names + "))";
    }

    /// <summary>The rows of some parts.</summary>
    internal static string Condition(TableModel table, string cut, IReadOnlyCollection<long> parts) =>
        new PostgresCut(table, cut).Condition(parts, parts.Count < Parts(table) / SmallShare);

    private static long Mask(TableModel table)
    {
        var mask = 63L;
        while (mask < Parts(table))
        {
            mask = (mask << 1) | 1;
        }

        return mask;
    }

    private static long Parts(TableModel table)
    {
        // The server tells pages, not rows; 25 rows of 300 bytes are a page.
        var parts = table.Pages * 25 / RowsInPart;
        return Math.Max(1, Math.Min(MostParts, parts));
    }
}
