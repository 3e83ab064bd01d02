using System.Data.Common;
using System.Globalization;
using System.Management.Automation;
using MySqlConnector;
using Npgsql;
using WaLab.Servers;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Databases;

/// <summary>Rows of a cluster that name hosts which are gone, on each database engine.</summary>
public sealed class ClusterNodeTests
{
    private const string Command = ",WaMigration.Commands.ClearWaClusterNodeCommand";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task Exactly_the_rows_of_hosts_are_removed_together_or_not_at_all(LabDatabaseEngine engine)
    {
        await using var copy = await CopiedCluster.CreateAsync(engine);
        using var session = copy.Session();

        // A row that is there twice cannot be removed as one: nothing is.
        await copy.ExecuteAsync("INSERT INTO nodes VALUES ('wacore1', 6252, 'aaaaaaaaaaaa')");
        Assert.Equal(["ClusterChanged" + Command], session.Run("Clear-WaClusterNode $new").Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.Equal("4 2 1", await copy.CountsAsync());
        await copy.ExecuteAsync("DELETE FROM nodes WHERE container_name = 'aaaaaaaaaaaa'", "INSERT INTO nodes VALUES ('wacore1', 6252, 'aaaaaaaaaaaa')");

        await using (var other = await copy.OpenAsync())
        {
            Assert.Equal(["ClusterInUse" + Command], session.Run("Clear-WaClusterNode $new").Errors.Select(error => error.FullyQualifiedErrorId));
        }

        var planned = session.Run("Clear-WaClusterNode $new -WhatIf").MustSucceed();
        Assert.Contains("3 rows of nodes, 2 rows of shard_map and the primary host master1", Assert.Single(planned.WhatIfLines), StringComparison.Ordinal);
        Assert.Equal("3 2 1", await copy.CountsAsync());

        session.Set("removed", session.Run("Clear-WaClusterNode $new").Single());
        Assert.Equal("0 0 1", await copy.CountsAsync());
        Assert.Equal("host '' port 0 state kept", await copy.InfoAsync());
        Assert.Equal(3, session.Run("$removed.Nodes.Count").Single().BaseObject);
        Assert.Equal("0 0", session.Run("$again = Clear-WaClusterNode $new; '{0} {1}' -f $again.Nodes.Count, $again.Shards.Count").Single().BaseObject);

        const string Compare = "Compare-WaDatabase $old $new {0} | Where-Object {{ -not $_.IsEqual }} | ForEach-Object {{ $_.Name.Split('.')[-1].Trim('`') }}";
        Assert.Equal(["cluster_info", "nodes", "shard_map"], Names(session.Run(string.Format(CultureInfo.InvariantCulture, Compare, string.Empty))));
        Assert.Empty(Names(session.Run(string.Format(CultureInfo.InvariantCulture, Compare, "-Removed $removed"))));
        await copy.ExecuteAsync("UPDATE cluster_info SET state = 'lost'", "INSERT INTO nodes VALUES ('stranger', 1, 'ffffffffffff')");
        Assert.Equal(["cluster_info", "nodes"], Names(session.Run(string.Format(CultureInfo.InvariantCulture, Compare, "-Removed $removed"))));

        await copy.ExecuteAsync("DROP TABLE shard_map");
        Assert.Equal(["ClusterTablesNotKnown" + Command], session.Run("Clear-WaClusterNode $new").Errors.Select(error => error.FullyQualifiedErrorId));
        await copy.DropAsync();
        Assert.Equal(["ClusterStoreMissing" + Command], session.Run("Clear-WaClusterNode $new").Errors.Select(error => error.FullyQualifiedErrorId));
    }

    private static IReadOnlyList<string> Names(ScriptResult result) => [.. result.MustSucceed().Output.Select(name => name.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>A clusterStore and its copy, as a client leaves it; names of hosts hold what must not be taken for a statement.</summary>
    private sealed class CopiedCluster : IAsyncDisposable
    {
        private readonly ILabDatabaseServer server;
        private readonly string prefix = "c" + Guid.NewGuid().ToString("N")[..10];

        private CopiedCluster(ILabDatabaseServer server) => this.server = server;

        private bool IsPostgres => server.Engine == LabDatabaseEngine.PostgreSql;

        private string Maintenance => IsPostgres ? "postgres" : "mysql";

        internal static async Task<CopiedCluster> CreateAsync(LabDatabaseEngine engine)
        {
            try
            {
                var copied = new CopiedCluster(await LabDatabaseServers.SharedAsync(engine));
                foreach (var side in new[] { "o_", "n_" })
                {
                    await copied.ExecuteOnAsync(copied.Maintenance, $"CREATE DATABASE {copied.Quoted(side)}");
                    await copied.ExecuteOnAsync(
                        copied.prefix + side + "clusterStore",
                        "CREATE TABLE nodes (hostname varchar(255) not null, port integer not null, container_name varchar(64) not null)",
                        $"CREATE TABLE cluster_info (ckey varchar(64) primary key, hostname varchar(255) not null, port integer not null, state varchar(64) not null, schema_version {(copied.IsPostgres ? "bytea" : "blob")})",
                        "CREATE TABLE shard_map (lower_bound integer not null, upper_bound integer not null, type integer not null, hostname varchar(255) not null, port integer not null, primary key (lower_bound, upper_bound, type))",
                        "INSERT INTO nodes VALUES ('master1', 6252, 'bbbbbbbbbbbb'), ('wacore1', 6252, 'aaaaaaaaaaaa'), ('it''s; host', 6252, 'cccccccccccc')",
                        "INSERT INTO cluster_info VALUES ('cluster_info', 'master1', 6252, 'kept', NULL)",
                        "INSERT INTO shard_map VALUES (-1, -1, 1, 'wacore1', 6252), (0, 0, 1, 'wacore1', 6252)");
                }

                return copied;
            }
            catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
            {
                Assert.Skip(missing.Message);
                throw;
            }
        }

        internal PowerShellSession Session()
        {
            var session = new PowerShellSession();
            var login = new DbConnectionStringBuilder { ConnectionString = server.ConnectionString(Maintenance) };
            session.Set("login", SetupLab.Credential((string)(login.TryGetValue("Username", out var user) ? user : login["User ID"]), login.TryGetValue("Password", out var password) ? (string)password : string.Empty));
            session.Set("ConfirmPreference", ConfirmImpact.None);
            foreach (var (name, side) in new[] { ("old", "o_"), ("new", "n_") })
            {
                session.Run($"${name} = Connect-WaSetup -NotInstalled -Name {name} -ApiUri https://127.0.0.1:1 -DatabaseEngine {(IsPostgres ? "PostgreSql" : "MySql")} -DatabaseServer 127.0.0.1 -DatabasePort {server.Port} -DatabaseCredential $login -NamePrefix {prefix}{side}").MustSucceed();
            }

            return session;
        }

        internal async Task<string> CountsAsync() => (string)(await ScalarAsync(
            $"SELECT {Joined("(SELECT count(*) FROM nodes)", "(SELECT count(*) FROM shard_map)", "(SELECT count(*) FROM cluster_info)")}"))!;

        internal async Task<string> InfoAsync() => "host " + (string)(await ScalarAsync($"SELECT {Joined("''''", "hostname", "''''", "' port '", "port", "' state '", "state").Replace(", ' ', ", ", ", StringComparison.Ordinal)} FROM cluster_info"))!;

        internal Task ExecuteAsync(params string[] statements) => ExecuteOnAsync(prefix + "n_clusterStore", statements);

        internal Task DropAsync() => ExecuteOnAsync(Maintenance, $"DROP DATABASE {Quoted("n_")}");

        internal Task<DbConnection> OpenAsync() => OpenAsync(prefix + "n_clusterStore");

        public async ValueTask DisposeAsync()
        {
            foreach (var side in new[] { "o_", "n_" })
            {
                await ExecuteOnAsync(Maintenance, $"DROP DATABASE IF EXISTS {Quoted(side)}{(IsPostgres ? " WITH (FORCE)" : string.Empty)}");
            }
        }

        private static string Joined(params string[] parts) => "concat(" + string.Join(", ' ', ", parts) + ")";

        private string Quoted(string side) => IsPostgres ? $"\"{prefix}{side}clusterStore\"" : $"`{prefix}{side}clusterStore`";

        private async Task<object?> ScalarAsync(string sql)
        {
            await using var connection = await OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests give constants.
            command.CommandText = sql;
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync(Stop);
        }

        private async Task ExecuteOnAsync(string database, params string[] statements)
        {
            await using var connection = await OpenAsync(database);
            foreach (var statement in statements)
            {
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests give constants.
                command.CommandText = statement;
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync(Stop);
            }
        }

        private async Task<DbConnection> OpenAsync(string database)
        {
            // Without a pool: a session that stays open is one of somebody else.
            DbConnection connection = IsPostgres
                ? new NpgsqlConnection(server.ConnectionString(database) + ";Pooling=false")
                : new MySqlConnection(server.ConnectionString(database) + ";Pooling=false");
            await connection.OpenAsync(Stop);
            return connection;
        }
    }
}
