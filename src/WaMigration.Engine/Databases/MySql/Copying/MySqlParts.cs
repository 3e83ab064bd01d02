using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>The rows of MySQL and MariaDB tables by parts.</summary>
internal sealed class MySqlParts(MySqlSessions sessions, OneByOne large) : IRowParts
{
    /// <summary>About how many rows a part has: few enough to be read again for one that changed.</summary>
    private const int RowsInPart = 20;

    /// <summary>Ranges that are asked for one by one have more.</summary>
    private const int RowsInRange = 1000;

    private const int MostParts = 1 << 17;
    private const int MostRanges = 1 << 14;
    private const int RangesAtOnce = 20;

    public Task<string> CutAsync(TableModel table, CancellationToken cancellation) => sessions.UseAsync(
        async connection =>
        {
            var parts = Parts(table);
            switch (table.Range)
            {
                case RangeKind.Number:
                    var span = await MySqlBounds.EndsAsync(connection, table, cancellation).ConfigureAwait(false) is { } ends ? ends.High - ends.Low : 0;
                    return MySqlCut.Number((long)Math.Max(2, Math.Min(long.MaxValue / 4, decimal.Ceiling(span / parts))));
                case RangeKind.Sampled when table.Pages > RowsInRange:
                    var bounds = await MySqlBounds.StepsAsync(connection, table, Math.Max(RowsInRange, table.Pages / 4000), MostRanges, cancellation).ConfigureAwait(false);
                    return bounds.Count == 0 ? MySqlCut.Hash(63) : MySqlCut.Bounds(bounds);
                default:
                    var mask = 63L;
                    while (mask < parts && mask < 4095)
                    {
                        mask = (mask << 1) | 1;
                    }

                    return MySqlCut.Hash(mask);
            }
        },
        table.Name,
        cancellation);

    public Task<PartDigests> DigestPartsAsync(TableModel table, string cut, IReadOnlyCollection<long>? only, CancellationToken cancellation) =>
        sessions.UseAsync(
            async connection =>
            {
                var way = new MySqlCut(table, cut);
                var hash = "COUNT(*), COALESCE(SUM(" + MySqlStatements.RowHash(table) + "), 0)";
                var grouped = "SELECT " + way.Expression + ", " + hash + " FROM " + MySqlStatements.From(table);
                var digests = new PartDigests(only?.Count ?? (int)(way.IsByBounds ? way.Last + 1 : Parts(table)));
                if (way.IsByBounds)
                {
                    foreach (var batch in CatchUp.Batches(only?.ToArray() ?? Enumerable.Range(0, (int)way.Last + 1).Select(part => (long)part).ToArray(), RangesAtOnce))
                    {
                        await DigestAsync(connection, string.Join(" UNION ALL ", batch.Select(part => "SELECT " + part.ToString(CultureInfo.InvariantCulture) + ", " + hash + " FROM " + MySqlStatements.From(table) + " WHERE " + way.Condition([part]))), table, digests, cancellation).ConfigureAwait(false);
                    }
                }
                else if (only is null)
                {
                    await DigestAsync(connection, grouped + " GROUP BY 1", table, digests, cancellation).ConfigureAwait(false);
                }
                else
                {
                    foreach (var step in way.Steps(only))
                    {
                        await DigestAsync(connection, grouped + " WHERE " + way.Condition(step) + " GROUP BY 1", table, digests, cancellation).ConfigureAwait(false);
                    }
                }

                return digests;
            },
            table.Name,
            cancellation);

    public Task KeysAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, Action<RowKey, long> take, CancellationToken cancellation) =>
        sessions.UseAsync(
            async connection =>
            {
                var way = new MySqlCut(table, cut);
                foreach (var step in way.Steps(parts))
                {
                    await MySqlRows.EachAsync(
                        connection,
                        "SELECT " + MySqlStatements.RowHash(table) + ", " + string.Join(", ", table.Key.Select(MySqlTypes.KeyText)) + " FROM " + MySqlStatements.From(table) + " WHERE " + way.Condition(step),
                        row => take(new RowKey([.. Enumerable.Range(1, table.Key.Count).Select(row.GetString)]), unchecked((long)row.GetUInt64(0))),
                        cancellation).ConfigureAwait(false);
                }
            },
            table.Name,
            cancellation);

    public Task<ChunkResult> ReadPartsAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlReader.ReadAsync(connection, table, new MySqlCut(table, cut).Condition(parts), large, write, cancellation),
        table.Name,
        cancellation);

    public Task<ChunkResult> ReadRowsAsync(TableModel table, IReadOnlyList<RowKey> keys, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation) => sessions.UseAsync(
        connection => MySqlReader.ReadAsync(connection, table, MySqlStatements.Among(table, keys), large, write, cancellation),
        table.Name,
        cancellation);

    /// <summary>A digest of the whole, or of what a condition chooses. A warning is an error: a row too large for a hash would be left out of the sum.</summary>
    internal static async Task<TableDigest> DigestAsync(MySqlConnection connection, TableModel table, string? where, CancellationToken cancellation)
    {
        var digest = (await MySqlRows.ListAsync(connection, MySqlStatements.Digest(table, where), row => new TableDigest(row.GetInt64(0), row.GetDecimal(1)), cancellation).ConfigureAwait(false))[0];
        await MySqlLoader.RequireNoWarningAsync(connection, table, table.Name, cancellation).ConfigureAwait(false);
        return digest;
    }

    private static async Task DigestAsync(MySqlConnection connection, string question, TableModel table, PartDigests digests, CancellationToken cancellation)
    {
        await MySqlRows.EachAsync(
            connection,
            question,
            row => digests.Add(Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture), new TableDigest(row.GetInt64(1), row.GetDecimal(2))),
            cancellation).ConfigureAwait(false);
        await MySqlLoader.RequireNoWarningAsync(connection, table, table.Name, cancellation).ConfigureAwait(false);
    }

    private static long Parts(TableModel table) => Math.Max(1, Math.Min(MostParts, table.Pages / RowsInPart));
}
