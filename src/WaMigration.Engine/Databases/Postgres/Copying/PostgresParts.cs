using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>The rows of PostgreSQL tables by parts.</summary>
internal sealed class PostgresParts(PostgresSessions sessions) : IRowParts
{
    /// <summary>About how many rows a part has: few enough to be read again for one that changed.</summary>
    private const int RowsInPart = 1000;

    private const int MostParts = 1 << 14;
    private const int MostBounds = 2000;

    public Task<string> CutAsync(TableModel table, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            switch (table.Range)
            {
                case RangeKind.Number:
                    var (low, high) = (await PostgresRows.ListAsync(
                        connection,
                        "SELECT coalesce(min(" + table.Key[0].Name + "), 0)::int8, coalesce(max(" + table.Key[0].Name + "), 0)::int8 FROM ONLY " + table.Name,
                        row => (row.GetInt64(0), row.GetInt64(1)),
                        cancellation).ConfigureAwait(false))[0];
                    var parts = Parts(table);
                    var shift = 0;
                    for (var span = ((decimal)high - low) / parts; span >= 1 && shift < 62; span /= 2)
                    {
                        shift++;
                    }

                    return PostgresCut.Number(shift);
                case RangeKind.Sampled:
                    var wanted = Math.Min(MostBounds, Parts(table));
                    var percent = Math.Min(100, 100.0 * wanted * 20 / Math.Max(1, table.Pages * 20.0));
                    var key = table.Key[0].Name;
                    var sample = await PostgresRows.ListAsync(
                        connection,
                        "SELECT DISTINCT v FROM (SELECT " + key + "::text AS v, row_number() OVER (ORDER BY " + key + ") AS r, count(*) OVER () AS n FROM ONLY " + table.Name + " TABLESAMPLE SYSTEM (" + percent.ToString(CultureInfo.InvariantCulture) + ") REPEATABLE (1)) s "
                        + "WHERE r % greatest(n / " + wanted.ToString(CultureInfo.InvariantCulture) + ", 1) = 0",
                        row => row.GetString(0),
                        cancellation).ConfigureAwait(false);
                    var usable = sample.Where(bound => bound.IndexOf('\n') < 0 && bound.Length < 200).ToList();
                    if (usable.Count == 0)
                    {
                        return PostgresCut.Hash(63);
                    }

                    // The server sorts them, since it alone knows the order of their type.
                    var type = table.Key[0].Type;
                    var sorted = await PostgresRows.ListAsync(
                        connection,
                        "SELECT v FROM unnest(ARRAY[" + string.Join(", ", usable.Select(PostgresRows.Literal)) + "]::text[]) v ORDER BY v::" + type + (type is "text" || type.StartsWith("character varying", StringComparison.Ordinal) ? " COLLATE \"C\"" : string.Empty),
                        row => row.GetString(0),
                        cancellation).ConfigureAwait(false);
                    return PostgresCut.Bounds(sorted);
                default:
                    var mask = 63L;
                    while (mask < Parts(table) && mask < 4095)
                    {
                        mask = (mask << 1) | 1;
                    }

                    return PostgresCut.Hash(mask);
            }
        },
        table.Name,
        cancellation);

    public Task<IReadOnlyDictionary<long, TableDigest>> DigestPartsAsync(TableModel table, string cut, IReadOnlyCollection<long>? only, CancellationToken cancellation) =>
        sessions.UseAsync<IReadOnlyDictionary<long, TableDigest>>(
            async connection =>
            {
                var way = new PostgresCut(table, cut);
                var rows = await PostgresRows.ListAsync(
                    connection,
                    "SELECT " + way.Expression + ", count(*), coalesce(sum(" + PostgresStatements.RowHash(table) + "), 0)::text FROM " + PostgresStatements.From(table) + (only is null ? string.Empty : " WHERE " + way.Condition(only)) + " GROUP BY 1",
                    row => (Part: row.GetInt64(0), Digest: new TableDigest(row.GetInt64(1), row.GetString(2))),
                    cancellation).ConfigureAwait(false);
                return rows.ToDictionary(row => row.Part, row => row.Digest);
            },
            table.Name,
            cancellation);

    public Task<IReadOnlyDictionary<RowKey, long>> KeysAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, CancellationToken cancellation) =>
        sessions.UseAsync<IReadOnlyDictionary<RowKey, long>>(
            async connection =>
            {
                var rows = await PostgresRows.ListAsync(
                    connection,
                    "SELECT " + PostgresStatements.RowHash(table) + ", " + string.Join(", ", table.Key.Select(column => column.Name + "::text")) + " FROM " + PostgresStatements.From(table) + " WHERE " + new PostgresCut(table, cut).Condition(parts),
                    row => (Hash: row.GetInt64(0), Key: new RowKey([.. Enumerable.Range(1, table.Key.Count).Select(row.GetString)])),
                    cancellation).ConfigureAwait(false);
                var keys = new Dictionary<RowKey, long>(rows.Count);
                foreach (var row in rows)
                {
                    keys[row.Key] = row.Hash;
                }

                return keys;
            },
            table.Name,
            cancellation);

    public Task<ChunkResult> ReadPartsAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => PostgresStreams.ReadAsync(connection, PostgresStatements.CopyOut(table, format, new PostgresCut(table, cut).Condition(parts)), format, write, cancellation),
        table.Name,
        cancellation);

    public Task<ChunkResult> ReadRowsAsync(TableModel table, IReadOnlyList<RowKey> keys, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => PostgresStreams.ReadAsync(connection, PostgresStatements.CopyOut(table, format, Among(table, keys)), format, write, cancellation),
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

    private static long Parts(TableModel table)
    {
        // The server tells pages, not rows; 25 rows of 300 bytes are a page.
        var parts = table.Pages * 25 / RowsInPart;
        return Math.Max(1, Math.Min(MostParts, parts));
    }
}
