namespace WaMigration.Databases.Copying;

/// <summary>What was read of a chunk.</summary>
internal sealed record ChunkResult(long Rows, long Bytes);
