namespace WaMigration.Databases;

/// <summary>
/// Counts what a client has not delivered yet, in its databases. The vendor never published their tables. Assumed: what
/// waits is a row in callbackStore or jobqueueStore, in a table whose name speaks of a queue, of callbacks, jobs or of
/// what is pending, and leaves that table when it is delivered. A table that keeps what was delivered makes the count
/// too high, never too low: removal then asks for a person's decision although none was needed.
/// </summary>
internal static class PendingWork
{
    private static readonly string[] Stores = [ClientStores.Callback, ClientStores.Jobqueue];
    private static readonly string[] Words = ["queue", "pending", "callback", "job"];

    /// <summary>The tables with their rows, empty tables included.</summary>
    internal static async Task<IReadOnlyList<PendingTable>> CountAsync(WaDatabaseServer server, Operation operation)
    {
        var counted = new List<PendingTable>();
        foreach (var database in await ClientDatabases.ListAsync(server, operation).ConfigureAwait(false))
        {
            if (database.Store is { } store && Stores.Contains(store))
            {
                var tables = await DatabaseQuestions.CountTablesAsync(server, database.Name, Words, operation).ConfigureAwait(false);
                counted.AddRange(tables.Select(table => new PendingTable(store, database.Name, table.Name, table.Rows)));
            }
        }

        return counted;
    }
}
