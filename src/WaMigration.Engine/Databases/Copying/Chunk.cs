namespace WaMigration.Databases.Copying;

/// <summary>A part of a table that is read and written as one: all of it or nothing.</summary>
/// <param name="Number">From 0, in the table.</param>
/// <param name="From">The first page.</param>
/// <param name="To">The page after the last; null where it has no bound.</param>
/// <param name="Bytes">About how much it is.</param>
internal sealed record Chunk(int Number, long From, long? To, long Bytes);
