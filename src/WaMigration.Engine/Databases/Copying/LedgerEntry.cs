namespace WaMigration.Databases.Copying;

/// <summary>A line of the ledger.</summary>
internal sealed record LedgerEntry(string Kind, string Name, long Part, long Rows, long Bytes)
{
    internal const string ObjectKind = "object";
    internal const string ChunkKind = "chunk";
}
