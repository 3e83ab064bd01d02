using System.Buffers;
using Npgsql;
using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>COPY as streams of bytes.</summary>
internal static class PostgresStreams
{
    /// <summary>The server gives one row at a time; what is handed on is this large, so that nobody works for 200 bytes.</summary>
    private const int BlockSize = 256 * 1024;

    internal static async Task<ChunkResult> ReadAsync(NpgsqlConnection connection, TimeProvider time, string statement, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation)
    {
        var rows = new RowCounter(format);
        var bytes = 0L;
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        using var watch = new StallWatch(time, cancellation);
        watch.Wait();
        try
        {
            using var stream = await OpenOutAsync(connection, statement, format, watch.Token).ConfigureAwait(false);
            var filled = 0;
            while (true)
            {
                var read = await stream.ReadAsync(block, filled, BlockSize - filled, watch.Token).ConfigureAwait(false);
                filled += read;
                if (filled == BlockSize || (read == 0 && filled > 0))
                {
                    rows.Add(block, filled);
                    bytes += filled;
                    watch.Rest();
                    await write(block, filled).ConfigureAwait(false);
                    watch.Wait();
                    filled = 0;
                }

                if (read == 0)
                {
                    return new ChunkResult(rows.Rows, bytes);
                }
            }
        }
        catch (Exception failure) when (failure is not WaException)
        {
            throw watch.Explain(failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>
    /// Writes what the reader hands over. The stream is cancelled on every failure: one that is only closed commits what
    /// was sent so far.
    /// </summary>
    internal static async Task<ChunkResult> WriteAsync(NpgsqlConnection connection, TimeProvider time, string statement, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation)
    {
        using var watch = new StallWatch(time, cancellation);
        watch.Wait();
        try
        {
            var stream = await OpenInAsync(connection, statement, format, watch.Token).ConfigureAwait(false);
            watch.Rest();
            ChunkResult result;
            try
            {
                result = await read(async (block, count) =>
                {
                    watch.Wait();
                    await stream.WriteAsync(block, 0, count, watch.Token).ConfigureAwait(false);
                    watch.Rest();
                }).ConfigureAwait(false);
            }
            catch
            {
                await AbandonAsync(stream).ConfigureAwait(false);
                throw;
            }

            // The server answers only now, and may hang here as well as before.
            watch.Wait();
            await Patience.ForAsync(stream.Dispose, Timeout.InfiniteTimeSpan, watch.Token).ConfigureAwait(false);
            watch.Token.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception failure) when (failure is not WaException)
        {
            throw watch.Explain(failure);
        }
    }

    private static async Task<Stream> OpenOutAsync(NpgsqlConnection connection, string statement, ChunkFormat format, CancellationToken cancellation)
    {
        if (format == ChunkFormat.Binary)
        {
            return await connection.BeginRawBinaryCopyAsync(statement, cancellation).ConfigureAwait(false);
        }

        // The text reader decodes nothing that is not asked of it: the bytes under it are the server's own.
        var reader = await connection.BeginTextExportAsync(statement, cancellation).ConfigureAwait(false);
        return ((StreamReader)reader).BaseStream;
    }

    private static async Task<Stream> OpenInAsync(NpgsqlConnection connection, string statement, ChunkFormat format, CancellationToken cancellation)
    {
        if (format == ChunkFormat.Binary)
        {
            return await connection.BeginRawBinaryCopyAsync(statement, cancellation).ConfigureAwait(false);
        }

        var writer = await connection.BeginTextImportAsync(statement, cancellation).ConfigureAwait(false);
        return ((StreamWriter)writer).BaseStream;
    }

    private static async Task AbandonAsync(Stream stream)
    {
        try
        {
            await Patience.ForAsync(() => ((NpgsqlRawCopyStream)stream).Cancel(), Patience.Farewell, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone, and the server has rolled back with it. What went wrong first is what counts.
            _ = failure;
        }
    }
}
