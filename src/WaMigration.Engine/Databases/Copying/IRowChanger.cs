namespace WaMigration.Databases.Copying;

/// <summary>
/// A target on which rows that are changed where they are cost less than rows that are removed and added: whose indexes are
/// touched only where their columns become others.
/// </summary>
internal interface IRowChanger
{
    /// <summary>
    /// Gives rows that are there, found by their keys, the values that are read: all of them or none. Null where that cannot
    /// be, and nothing is changed.
    /// </summary>
    Task<ChunkResult?> ChangeAsync(TableModel table, Func<Func<byte[], int, Task>, Task<ChunkResult>> read, CancellationToken cancellation);
}
