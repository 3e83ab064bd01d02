namespace WaMigration.Databases;

/// <summary>How many rows wait in one table of a store.</summary>
internal sealed record PendingTable(string Store, string Database, string Table, long Rows)
{
    /// <inheritdoc/>
    public override string ToString() => DatabaseText.Catalog.Format("PendingSeen", Database, Table, Rows);
}
