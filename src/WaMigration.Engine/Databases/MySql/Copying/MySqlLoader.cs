using System.Globalization;
using MySqlConnector;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql.Schema;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>
/// Loads rows by LOAD DATA LOCAL, or by INSERT where the server does not take that. LOAD DATA LOCAL never fails on bad data,
/// so every warning is a failure, and the rows are counted.
/// </summary>
internal static class MySqlLoader
{
    /// <summary>
    /// How long a load is waited for that was told to stop. MyISAM and Aria look only once a minute while they wait for room
    /// on a full disk; the next run ends what is left of it.
    /// </summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    internal static async Task<ChunkResult> LoadAsync(MySqlConnection connection, TimeProvider time, TableModel table, bool byInsert, string subject, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation)
    {
        if (byInsert)
        {
            using var insert = new MySqlInserter(connection, table, cancellation);
            var given = await read(insert.TakeAsync).ConfigureAwait(false);
            await insert.EndAsync().ConfigureAwait(false);
            return RequireAll(given, insert.Rows, subject);
        }

        using var watch = new StallWatch(time, cancellation);
        ChunkResult result;
        long rows;
        try
        {
            (result, rows) = await LoadAsync(connection, table, read, watch).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not WaException)
        {
            throw watch.Explain(failure);
        }

        await RequireNoWarningAsync(connection, table, subject, cancellation).ConfigureAwait(false);
        return RequireAll(result, rows, subject);
    }

    /// <summary>What LOAD DATA is told of the columns.</summary>
    internal static (IReadOnlyList<string> Columns, IReadOnlyList<string> Expressions) Columns(TableModel table)
    {
        var (columns, expressions) = (new List<string>(), new List<string>());

        // MariaDB numbers a counted column anew where it holds 0 and another column comes by an expression.
        var hasExpression = table.Stored.Any(column => MySqlTypes.Load(column) is not null);
        foreach (var column in table.Stored)
        {
            if ((MySqlTypes.Load(column) ?? (hasExpression && MySqlTypes.IsWhole(column) ? "{0}" : null)) is { } load)
            {
                var variable = "@v" + columns.Count.ToString(CultureInfo.InvariantCulture);
                columns.Add(variable);
                expressions.Add(column.Name + " = " + string.Format(CultureInfo.InvariantCulture, load, variable));
            }
            else
            {
                columns.Add(column.Name);
            }
        }

        return (columns, expressions);
    }

    /// <summary>
    /// Refuses what the statement before complained of. One complaint is none: a member that is in no list has the number 0,
    /// and both engines take that number back with this word alone.
    /// </summary>
    internal static async Task RequireNoWarningAsync(MySqlConnection connection, TableModel table, string subject, CancellationToken cancellation)
    {
        var members = new HashSet<string>(table.Stored.Where(column => MySqlTypes.Base(column.Type) == "enum").Select(column => "Data truncated for column '" + MySqlRows.Unquote(column.Name) + "'"), StringComparer.Ordinal);
        var warnings = await MySqlRows.ListAsync(connection, "SHOW WARNINGS", row => (Level: row.GetString(0), Number: Convert.ToInt32(row.GetValue(1), CultureInfo.InvariantCulture), Text: row.GetString(2)), cancellation).ConfigureAwait(false);
        warnings.RemoveAll(warning => warning.Level == "Note" || (warning.Number == 1265 && members.Any(member => warning.Text.StartsWith(member, StringComparison.Ordinal))));
        if (warnings.Count > 0)
        {
            throw CopyErrors.RowsNotTaken.Error(subject, null, [.. warnings.Take(5).Select(warning => warning.Text)], warnings[0].Text);
        }
    }

    private static async Task<(ChunkResult Result, long Rows)> LoadAsync(MySqlConnection connection, TableModel table, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, StallWatch watch)
    {
        using var stream = new BlockStream();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(watch.Token);
        var loading = Task.Run(() => LoadAsync(connection, table, stream, gone.Token), CancellationToken.None);
        ChunkResult? result = null;
        try
        {
            var reading = read(async (block, count) =>
            {
                watch.Wait();
                await stream.GiveAsync(block, count, gone.Token).ConfigureAwait(false);
                watch.Rest();
            });

            // A load that fails reads no more, and what reads the source would wait for it for ever.
            if (await Task.WhenAny(reading, loading).ConfigureAwait(false) == loading && !reading.IsCompleted)
            {
                stream.Abandon();
                gone.Stop();
                try
                {
                    await reading.ConfigureAwait(false);
                }
                catch (Exception failure) when (loading.IsFaulted)
                {
                    // Why the load failed is what counts.
                    _ = failure;
                }
            }

            result = await reading.ConfigureAwait(false);
            stream.End();
        }
        catch (Exception failure) when (result is null && !loading.IsFaulted)
        {
            stream.End(failure);
            if (await Patience.EndsAsync(loading, Farewell).ConfigureAwait(false))
            {
                _ = loading.Exception;
            }

            throw;
        }
        catch (Exception) when (loading.IsFaulted)
        {
            await loading.ConfigureAwait(false);
        }

        return (result!, await loading.ConfigureAwait(false));
    }

    private static ChunkResult RequireAll(ChunkResult given, long taken, string subject) => given.Rows == taken
        ? given
        : throw CopyErrors.RowsNotTaken.Error(subject, null, [], DatabaseText.Catalog.Format("RowsDiffer", given.Rows, taken));

    private static async Task<long> LoadAsync(MySqlConnection connection, TableModel table, Stream stream, CancellationToken cancellation)
    {
        var (columns, expressions) = Columns(table);
        var loader = new MySqlBulkLoader(connection)
        {
            TableName = table.Name,
            CharacterSet = "binary",
            Local = true,
            SourceStream = stream,
            FieldTerminator = "\t",
            LineTerminator = "\n",
            EscapeCharacter = '\\',
            Timeout = 0,
        };
        loader.Columns.AddRange(columns);
        loader.Expressions.AddRange(expressions);
        return await loader.LoadAsync(cancellation).ConfigureAwait(false);
    }
}
