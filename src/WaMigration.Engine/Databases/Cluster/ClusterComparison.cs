namespace WaMigration.Databases.Cluster;

/// <summary>
/// Compares the tables of a cluster where rows of one side were removed on purpose: all others must be there on both, and
/// no more.
/// </summary>
internal static class ClusterComparison
{
    private static readonly string[] Tables = [ClusterTables.Nodes, ClusterTables.ShardMap, ClusterTables.Info];

    /// <summary>Whether a table is one of them, as the server names it.</summary>
    internal static string? TableOf(string database, string name) =>
        ClusterStore.Is(database) ? Tables.FirstOrDefault(table => name == table || name == "public." + table || name == "`" + table + "`") : null;

    internal static async Task<bool> IsEqualAsync(WaDatabaseServer source, string sourceDatabase, WaDatabaseServer target, string targetDatabase, string table, WaClusterCleanup removed, Operation operation)
    {
        var ours = await new ClusterStore(source, sourceDatabase).WorkAsync(tables => tables.ReadAllAsync(table, row => Without(table, row, removed)), operation).ConfigureAwait(false);
        var theirs = await new ClusterStore(target, targetDatabase).WorkAsync(tables => tables.ReadAllAsync(table, row => row), operation).ConfigureAwait(false);
        return ours.Where(row => row.Length > 0).OrderBy(row => row, StringComparer.Ordinal).SequenceEqual(theirs.OrderBy(row => row, StringComparer.Ordinal));
    }

    /// <summary>The row as it must be on the other side; null where it must not be there.</summary>
    private static IReadOnlyDictionary<string, string>? Without(string table, IReadOnlyDictionary<string, string> row, WaClusterCleanup removed)
    {
        string Value(string column) => row[column].Trim('\'');
        long Number(string column) => long.Parse(Value(column), System.Globalization.CultureInfo.InvariantCulture);
        switch (table)
        {
            case ClusterTables.Nodes:
                return removed.Nodes.Contains(new WaClusterNode(Value("hostname"), Number("port"), Value("container_name"))) ? null : row;
            case ClusterTables.ShardMap:
                return removed.Shards.Contains(new WaClusterShard(Number("lower_bound"), Number("upper_bound"), Number("type"), Value("hostname"), Number("port"))) ? null : row;
            default:
                return removed.Primary is { } primary && primary == new WaClusterHost(Value("hostname"), Number("port"))
                    ? row.ToDictionary(column => column.Key, column => column.Key.ToLowerInvariant() switch { "hostname" => "''", "port" => "'0'", _ => column.Value }, StringComparer.OrdinalIgnoreCase)
                    : row;
        }
    }
}
