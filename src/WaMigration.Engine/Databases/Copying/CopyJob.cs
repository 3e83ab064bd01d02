namespace WaMigration.Databases.Copying;

/// <summary>A piece of work for a pool.</summary>
/// <param name="Size">The largest come first.</param>
/// <param name="IsBuild">It makes an index or counts rows, and moves none.</param>
/// <param name="Work">The work.</param>
/// <param name="Place">What it writes into: two that write into one place at once get into each other's way.</param>
internal sealed record CopyJob(long Size, bool IsBuild, Func<CancellationToken, Task> Work, object? Place = null);
