namespace WaMigration.Databases.Copying;

/// <summary>The rows of a database's tables by parts that mean the same on both sides.</summary>
internal interface IRowParts
{
    /// <summary>Lays down how a table is cut: a text that the other side understands.</summary>
    Task<string> CutAsync(TableModel table, CancellationToken cancellation);

    /// <summary>The digests of all parts, or only of some.</summary>
    Task<PartDigests> DigestPartsAsync(TableModel table, string cut, IReadOnlyCollection<long>? only, CancellationToken cancellation);

    /// <summary>Gives the keys of the rows in some parts as they come, each with the hash of its row.</summary>
    Task KeysAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, Action<RowKey, long> take, CancellationToken cancellation);

    /// <summary>Reads whole parts.</summary>
    Task<ChunkResult> ReadPartsAsync(TableModel table, string cut, IReadOnlyCollection<long> parts, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation);

    /// <summary>Reads single rows.</summary>
    Task<ChunkResult> ReadRowsAsync(TableModel table, IReadOnlyList<RowKey> keys, ChunkFormat format, Func<byte[], int, Task> write, CancellationToken cancellation);
}
