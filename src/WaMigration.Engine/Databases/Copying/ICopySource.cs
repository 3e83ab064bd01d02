namespace WaMigration.Databases.Copying;

/// <summary>One database, or the copy of one in an archive, as something that is read.</summary>
internal interface ICopySource : IDisposable
{
    /// <summary>The server that it is on, or was.</summary>
    ServerFacts Server { get; }

    /// <summary>Everything but the rows.</summary>
    DatabaseModel Model { get; }

    /// <summary>
    /// The moment that it is read at, in the server's own words; the same for all databases that are of one moment. Null
    /// where there is none.
    /// </summary>
    string? Cut { get; }

    /// <summary>The chunks of a table. The same for the same table, also after a restart.</summary>
    IReadOnlyList<Chunk> Plan(TableModel table);

    /// <summary>How rows of that table may travel to that server.</summary>
    ChunkFormat FormatFor(TableModel table, ServerFacts target);

    /// <summary>Reads a chunk and hands it on in pieces.</summary>
    Task<ChunkResult> ReadAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation);

    /// <summary>The digest of all rows of a table.</summary>
    Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation);

    /// <summary>The digest of one chunk.</summary>
    Task<TableDigest> DigestAsync(TableModel table, Chunk chunk, CancellationToken cancellation);

    /// <summary>Where the counters stand now.</summary>
    Task<IReadOnlyList<CounterPosition>> SequencesAsync(CancellationToken cancellation);

    /// <summary>Its rows by parts, for catching up; null where only whole tables can be read.</summary>
    IRowParts? Parts { get; }
}
