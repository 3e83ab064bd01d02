using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Reads rows as the bytes that LOAD DATA takes. Rows with a value that is too large to be held by every worker come after
/// the others, one at a time in the whole process, and in slices where a key tells them apart.
/// </summary>
internal static class MySqlReader
{
    /// <summary>Values above this are read by themselves.</summary>
    internal const long LargeValue = 2 * 1024 * 1024;

    private const int Slice = 2 * 1024 * 1024;

    internal static async Task<ChunkResult> ReadAsync(MySqlConnection connection, TableModel table, string? where, OneByOne large, Func<byte[], int, Task> write, CancellationToken cancellation)
    {
        var block = new RowBlock(write);
        if (table.Largest <= LargeValue)
        {
            var all = await ReadAsync(connection, MySqlStatements.Select(table, where), block, cancellation).ConfigureAwait(false);
            await block.FlushAsync().ConfigureAwait(false);
            return new ChunkResult(all, block.Bytes);
        }

        var isLarge = IsLarge(table);
        var rows = await ReadAsync(connection, MySqlStatements.Select(table, And(where, "NOT " + isLarge)), block, cancellation).ConfigureAwait(false);
        rows += await large.RunAsync(
            () => table.Key.Count > 0
                ? SliceAsync(connection, table, And(where, isLarge), block, cancellation)
                : ReadAsync(connection, MySqlStatements.Select(table, And(where, isLarge)), block, cancellation),
            cancellation).ConfigureAwait(false);
        await block.FlushAsync().ConfigureAwait(false);
        return new ChunkResult(rows, block.Bytes);
    }

    private static string And(string? one, string other) => one is null ? other : "(" + one + ") AND " + other;

    private static string IsLarge(TableModel table) =>
        "(" + string.Join(" OR ", table.Stored.Where(column => MySqlTypes.IsLarge(column.Type)).Select(column => "COALESCE(LENGTH(" + MySqlTypes.Length(column) + "), 0) > " + LargeValue.ToString(System.Globalization.CultureInfo.InvariantCulture))) + ")";

    private static async Task<long> ReadAsync(MySqlConnection connection, string statement, RowBlock block, CancellationToken cancellation)
    {
        using var command = MySqlRows.Command(connection, statement);

        // For each row anew: a server that hangs is left in the end.
        command.CommandTimeout = (int)StallWatch.Limit.TotalSeconds;
        using var stop = cancellation.Register(command.Cancel);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var (rows, fields) = (0L, reader.FieldCount);

        // A token in each call would be registered and removed for each row.
        while (await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            cancellation.ThrowIfCancellationRequested();
            for (var field = 0; field < fields; field++)
            {
                var length = reader.IsDBNull(field) ? 0 : reader.GetBytes(field, 0, null, 0, 0);
                if (!block.HasRoom(Math.Min(length, block.Raw.Length)))
                {
                    await block.FlushAsync().ConfigureAwait(false);
                }

                if (field > 0)
                {
                    block.Put((byte)'\t');
                }

                if (reader.IsDBNull(field))
                {
                    block.PutNull();
                    continue;
                }

                for (var done = 0L; done < length;)
                {
                    var read = (int)reader.GetBytes(field, done, block.Raw, 0, block.Raw.Length);
                    if (!block.HasRoom(read))
                    {
                        await block.FlushAsync().ConfigureAwait(false);
                    }

                    block.Escape(read);
                    done += read;
                }
            }

            if (!block.HasRoom(1))
            {
                await block.FlushAsync().ConfigureAwait(false);
            }

            block.Put((byte)'\n');
            rows++;
        }

        cancellation.ThrowIfCancellationRequested();
        return rows;
    }

    private static async Task<long> SliceAsync(MySqlConnection connection, TableModel table, string where, RowBlock block, CancellationToken cancellation)
    {
        var keys = await MySqlRows.ListAsync(
            connection,
            "SELECT " + string.Join(", ", table.Key.Select(MySqlTypes.KeyText)) + " FROM " + MySqlStatements.From(table) + " WHERE " + where,
            row => new RowKey([.. Enumerable.Range(0, table.Key.Count).Select(row.GetString)]),
            cancellation).ConfigureAwait(false);
        var columns = table.Stored.ToList();
        foreach (var key in keys)
        {
            var row = MySqlStatements.Among(table, [key]);
            for (var place = 0; place < columns.Count; place++)
            {
                await block.FlushAsync().ConfigureAwait(false);
                if (place > 0)
                {
                    block.Put((byte)'\t');
                }

                await SliceAsync(connection, table, MySqlTypes.Read(columns[place]), row, block, cancellation).ConfigureAwait(false);
            }

            block.Put((byte)'\n');
        }

        return keys.Count;
    }

    private static async Task SliceAsync(MySqlConnection connection, TableModel table, string value, string row, RowBlock block, CancellationToken cancellation)
    {
        for (var from = 1L; ; from += Slice)
        {
            var part = (await MySqlRows.ListAsync(
                connection,
                "SELECT SUBSTRING(" + value + ", " + from.ToString(System.Globalization.CultureInfo.InvariantCulture) + ", " + Slice.ToString(System.Globalization.CultureInfo.InvariantCulture) + ") FROM " + MySqlStatements.From(table) + " WHERE " + row,
                one => one.IsDBNull(0) ? null : one.GetFieldValue<byte[]>(0),
                cancellation).ConfigureAwait(false)).FirstOrDefault();
            if (part is null)
            {
                block.PutNull();
                return;
            }

            for (var done = 0; done < part.Length; done += block.Raw.Length)
            {
                var count = Math.Min(block.Raw.Length, part.Length - done);
                Buffer.BlockCopy(part, done, block.Raw, 0, count);
                if (!block.HasRoom(count))
                {
                    await block.FlushAsync().ConfigureAwait(false);
                }

                block.Escape(count);
            }

            if (part.Length < Slice)
            {
                return;
            }
        }
    }
}
