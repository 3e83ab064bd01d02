using System.Collections.Concurrent;
using Npgsql;

namespace WaSimulator.Storage;

/// <summary>
/// The pools of a client's databases. A session is a process of the server and dear to open, so that the nodes of a
/// client that live in one process share them; the last of these nodes to end, ends them all.
/// </summary>
internal sealed class PostgresPools : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, PostgresPools> Known = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new(StringComparer.Ordinal);
    private readonly NpgsqlConnectionStringBuilder server;
    private int users;

    private PostgresPools(NpgsqlConnectionStringBuilder server) => this.server = server;

    /// <summary>The pools of the databases that are reached like this; to be disposed by each that took them.</summary>
    public static PostgresPools Take(NpgsqlConnectionStringBuilder server)
    {
        lock (Gate)
        {
            if (!Known.TryGetValue(server.ConnectionString, out var pools))
            {
                pools = Known[server.ConnectionString] = new PostgresPools(server);
            }

            pools.users++;
            return pools;
        }
    }

    public NpgsqlDataSource Of(string database) => sources.GetOrAdd(database, name => Build(server, name));

    /// <summary>A client has dozens of pools, and none of them needs more than the types that Npgsql knows by itself.</summary>
    public static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder server, string database) =>
        new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString)
            .EnableTransportSecurity()
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();

    public void Dispose()
    {
        lock (Gate)
        {
            if (--users > 0)
            {
                return;
            }

            Known.Remove(server.ConnectionString);
        }

        foreach (var source in sources.Values)
        {
            source.Dispose();
        }
    }
}
