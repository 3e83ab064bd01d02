using System.Data.Common;
using System.Globalization;

namespace WaMigration.Databases.Cluster;

/// <summary>
/// The three tables of clusterStore that name hosts, in one open transaction. Their names and columns were never confirmed
/// by the vendor: what is not as it is known here is an error, and nothing is guessed.
/// </summary>
internal sealed class ClusterTables(DbConnection connection, DbTransaction? transaction, bool isPostgres, CancellationToken cancellation)
{
    internal const string Nodes = "nodes";
    internal const string ShardMap = "shard_map";
    internal const string Info = "cluster_info";
    private const string Lock = " FOR UPDATE";

    internal Task<List<WaClusterNode>> ReadNodesAsync(bool locks) => ReadAsync(
        $"SELECT {Name("hostname")}, {Name("port")}, {Name("container_name")} FROM {Name(Nodes)}" + (locks ? Lock : string.Empty),
        row => new WaClusterNode(Text(row, 0), Number(row, 1), Text(row, 2)));

    internal Task<List<WaClusterShard>> ReadShardsAsync(bool locks) => ReadAsync(
        $"SELECT {Name("lower_bound")}, {Name("upper_bound")}, {Name("type")}, {Name("hostname")}, {Name("port")} FROM {Name(ShardMap)}" + (locks ? Lock : string.Empty),
        row => new WaClusterShard(Number(row, 0), Number(row, 1), Number(row, 2), Text(row, 3), Number(row, 4)));

    internal Task<List<WaClusterHost>> ReadPrimariesAsync(bool locks) => ReadAsync(
        $"SELECT {Name("hostname")}, {Name("port")} FROM {Name(Info)}" + (locks ? Lock : string.Empty),
        row => new WaClusterHost(Text(row, 0), Number(row, 1)));

    internal Task<int> RemoveAsync(WaClusterNode node) => ExecuteAsync(
        $"DELETE FROM {Name(Nodes)} WHERE {Name("hostname")} = @a AND {Name("port")} = @b AND {Name("container_name")} = @c",
        node.Hostname,
        node.Port,
        node.ContainerName);

    internal Task<int> RemoveAsync(WaClusterShard shard) => ExecuteAsync(
        $"DELETE FROM {Name(ShardMap)} WHERE {Name("lower_bound")} = @a AND {Name("upper_bound")} = @b AND {Name("type")} = @c AND {Name("hostname")} = @d AND {Name("port")} = @e",
        shard.LowerBound,
        shard.UpperBound,
        shard.Type,
        shard.Hostname,
        shard.Port);

    internal Task<int> ClearAsync(WaClusterHost primary) => ExecuteAsync(
        $"UPDATE {Name(Info)} SET {Name("hostname")} = '', {Name("port")} = 0 WHERE {Name("hostname")} = @a AND {Name("port")} = @b",
        primary.Hostname,
        primary.Port);

    /// <summary>All rows of a table, each column as text, but for those columns.</summary>
    internal Task<List<string>> ReadAllAsync(string table, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>?> change) => ReadAsync(
        $"SELECT * FROM {Name(table)}",
        row => change(Columns(row)) is { } changed ? string.Join("\n", changed.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => column.Key + "=" + column.Value)) : string.Empty);

    private string Name(string name) => isPostgres ? "\"" + name + "\"" : "`" + name + "`";

    private static Dictionary<string, string> Columns(DbDataReader row) => Enumerable.Range(0, row.FieldCount).ToDictionary(
        row.GetName,
        at => row.IsDBNull(at) ? "NULL" : row.GetValue(at) is byte[] bytes ? Convert.ToBase64String(bytes) : "'" + Text(row, at) + "'",
        StringComparer.OrdinalIgnoreCase);

    private static string Text(DbDataReader row, int at) => row.IsDBNull(at) ? string.Empty : Convert.ToString(row.GetValue(at), CultureInfo.InvariantCulture) ?? string.Empty;

    private static long Number(DbDataReader row, int at) => row.IsDBNull(at) ? 0 : Convert.ToInt64(row.GetValue(at), CultureInfo.InvariantCulture);

    private async Task<List<T>> ReadAsync<T>(string sql, Func<DbDataReader, T> read)
    {
        using var command = Command(sql);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        using var command = Command(sql);
        for (var at = 0; at < values.Length; at++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = ((char)('a' + at)).ToString();
            parameter.Value = values[at];
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private DbCommand Command(string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statement is made of names that are constants here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        return command;
    }
}
