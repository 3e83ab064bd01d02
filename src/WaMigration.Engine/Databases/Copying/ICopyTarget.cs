namespace WaMigration.Databases.Copying;

/// <summary>One database as something that is written.</summary>
internal interface ICopyTarget : IDisposable
{
    ServerFacts Server { get; }

    /// <summary>The database's name.</summary>
    string Name { get; }

    /// <summary>What an earlier run left in its ledger; null where there is none.</summary>
    CopyRun? Run { get; }

    /// <summary>Work that is done: an object's key, or table and chunk number.</summary>
    Task<IReadOnlyCollection<LedgerEntry>> LedgerAsync(CancellationToken cancellation);

    /// <summary>Begins: the ledger and all objects that come before the rows, in one transaction.</summary>
    Task BeginAsync(CopyRun run, IReadOnlyList<SchemaObject> before, CancellationToken cancellation);

    /// <summary>Goes on with a run: makes what of these objects is not there yet.</summary>
    Task ResumeAsync(IReadOnlyList<SchemaObject> before, CancellationToken cancellation);

    /// <summary>Begins a run that only catches up: the ledger, and whatever must not see its changes out of the way.</summary>
    Task BeginUpdateAsync(CopyRun run, CancellationToken cancellation);

    /// <summary>Writes a chunk and its ledger row in one transaction. Nothing stays of one that fails.</summary>
    Task<ChunkResult> WriteAsync(TableModel table, Chunk chunk, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation);

    /// <summary>Empties a table and forgets its chunks.</summary>
    Task EmptyAsync(TableModel table, CancellationToken cancellation);

    /// <summary>Makes the part of an index that needs its table for reading alone, so that others can be made beside it.</summary>
    Task BuildAsync(SchemaObject index, CancellationToken cancellation);

    /// <summary>Makes an object and its ledger row in one transaction; of an index, what its building left.</summary>
    Task MakeAsync(SchemaObject item, CancellationToken cancellation);

    /// <summary>Sets the counters.</summary>
    Task SetSequencesAsync(IReadOnlyList<CounterPosition> positions, CancellationToken cancellation);

    /// <summary>Lets the server count what is in a table.</summary>
    Task AnalyzeAsync(TableModel table, CancellationToken cancellation);

    /// <summary>The digest of all rows of a table.</summary>
    Task<TableDigest> DigestAsync(TableModel table, CancellationToken cancellation);

    /// <summary>What it holds now.</summary>
    Task<DatabaseModel> ReadModelAsync(bool includeOwner, CancellationToken cancellation);

    /// <summary>Its rows by parts.</summary>
    IRowParts Parts { get; }

    /// <summary>Removes rows of parts: those of the keys, or all of the parts.</summary>
    Task RemoveAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, IReadOnlyList<RowKey>? keys, CancellationToken cancellation);

    /// <summary>Adds rows.</summary>
    Task<ChunkResult> AddAsync(TableModel table, ChunkFormat format, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation);

    /// <summary>All rows of a run that catches up are right: what was out of its way comes back.</summary>
    /// <returns>Whether there was anything.</returns>
    Task<bool> RowsAreRightAsync(CancellationToken cancellation);

    /// <summary>The end: the database's own settings come, the ledger goes.</summary>
    Task EndAsync(IReadOnlyList<string> settings, CancellationToken cancellation);
}
