using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WaSimulator.Hosting;

namespace WaSimulator.Storage;

/// <summary>A node's sessions on a PostgreSQL server: a small pool a database, all ended with the node.</summary>
internal sealed class PostgresServer : IDatabaseServer
{
    private const string Maintenance = "postgres";

    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource cut = new();
    private readonly NodeEnvironment environment;
    private readonly INodeNetwork network;
    private readonly SimClock clock;
    private readonly string application;
    private int ended;

    public PostgresServer(NodeEnvironment environment, INodeNetwork network, SimClock clock, string application)
    {
        this.environment = environment;
        this.network = network;
        this.clock = clock;
        this.application = application;
    }

    public async Task EnsureAsync(
        IReadOnlyList<StoreSchema> schemas,
        Action<string, string> log,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut.Token);
        await using var connection = await WaitAsync(log, either.Token);
        // Advisory locks belong to a database: every node takes this one in the maintenance database. Looking is shared,
        // so that nodes that start together do not queue; whoever finds something missing and gets the lock alone makes it.
        var key = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes("wa-stores:" + Physical(schemas[0].Name))))
            .ToString(CultureInfo.InvariantCulture);
        while (true)
        {
            await RunAsync(connection, $"select pg_advisory_lock_shared({key})", either.Token);
            var complete = await IsCompleteAsync(connection, schemas, either.Token);
            await RunAsync(connection, $"select pg_advisory_unlock_shared({key})", either.Token);
            if (complete)
            {
                return;
            }

            await using var attempt = new NpgsqlCommand($"select pg_try_advisory_lock({key})", connection);
            if (await attempt.ExecuteScalarAsync(either.Token) is true)
            {
                await MakeAsync(connection, schemas, log, either.Token);
                await RunAsync(connection, $"select pg_advisory_unlock({key})", either.Token);
            }
            else
            {
                // Others are looking at the same time; whoever tries again first gets it.
                await Task.Delay(Random.Shared.Next(2, 20), either.Token);
            }
        }
    }

    public IStore Open(string name) => new SqlStore(Source(Physical(name)), PostgresDialect.Instance, cut.Token);

    public async Task<string> FingerprintAsync(string name, CancellationToken cancellationToken)
    {
        var rows = await Open(name).QueryAsync(
            "select system_identifier::text || '.' || (select oid from pg_database where datname = current_database())::text " +
            "from pg_control_system()",
            reader => reader.GetString(0),
            cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows[0])))[..12];
    }

    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var rows = await Open(StoreNames.Config).QueryAsync(
            "select current_setting('server_version')", reader => reader.GetString(0), cancellationToken);
        return "PostgreSQL " + rows[0];
    }

    public void Cut()
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
        {
            return;
        }

        cut.Cancel();
        foreach (var source in sources.Values)
        {
            source.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        cut.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<Dictionary<string, long>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select datname, oid::bigint from pg_database", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            names[reader.GetString(0)] = reader.GetInt64(1);
        }

        return names;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private async Task<bool> IsCompleteAsync(NpgsqlConnection connection, IReadOnlyList<StoreSchema> schemas, CancellationToken cancellationToken)
    {
        var present = await NamesAsync(connection, cancellationToken);
        if (schemas.Any(schema => !present.ContainsKey(Physical(schema.Name))))
        {
            return false;
        }

        var mark = new SchemaMark(schemas, present, Physical);
        if (await mark.IsFreshAsync(this, cancellationToken))
        {
            return true;
        }

        var versions = await Task.WhenAll(schemas.Select(schema => SchemaUpgrade.VersionAsync(Open(schema.Name), cancellationToken)));
        if (schemas.Zip(versions).Any(pair => pair.First.Version != pair.Second))
        {
            return false;
        }

        await mark.SetAsync(this, cancellationToken);
        return true;
    }

    private async Task MakeAsync(
        NpgsqlConnection connection,
        IReadOnlyList<StoreSchema> schemas,
        Action<string, string> log,
        CancellationToken cancellationToken)
    {
        var present = await NamesAsync(connection, cancellationToken);
        var missing = schemas.Select(schema => Physical(schema.Name)).Where(name => !present.ContainsKey(name));
        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (name, token) =>
            {
                log("INFO", $"Creating database {name}");
                await using var own = await Source(Maintenance).OpenConnectionAsync(token);
                await RunAsync(own, $"create database {Quote(name)} template template0 encoding 'UTF8'", token);
            });
        await Task.WhenAll(schemas.Select(schema => SchemaUpgrade.RunAsync(Open(schema.Name), schema, log, cancellationToken)));
    }

    private async Task<NpgsqlConnection> WaitAsync(Action<string, string> log, CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            var connection = Source(Maintenance).CreateConnection();
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException problem) when (problem.SqlState is not ("28P01" or "28000" or "3D000"))
            {
                await connection.DisposeAsync();
                if (!told)
                {
                    log("WARN", $"Waiting for the database at {environment.DatabaseHost}:{environment.DatabasePort}: {problem.Message}");
                    told = true;
                }
            }
            catch (PostgresException problem)
            {
                await connection.DisposeAsync();
                throw new SimulatorException($"The database refused the login: {problem.SqlState} {problem.MessageText}", problem);
            }

            await clock.DelayAsync(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private string Physical(string name) => name == Maintenance ? name : environment.DatabasePrefix + name;

    private NpgsqlDataSource Source(string physical) => sources.GetOrAdd(physical, Build);

    private NpgsqlDataSource Build(string physical)
    {
        var address = network.Resolve(environment.DatabaseHost, environment.DatabasePort);
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = address?.Address.ToString() ?? environment.DatabaseHost,
            Port = address?.Port ?? environment.DatabasePort,
            Username = environment.DatabaseUser,
            Password = environment.DatabasePassword,
            Database = physical,
            ApplicationName = application,
            MaxPoolSize = 3,
            // Sessions are dear to open and cost nothing while they are idle.
            ConnectionIdleLifetime = 60,
            ConnectionPruningInterval = 10,
            // A killed node waits for nothing: the socket is closed instead of a cancel request being awaited.
            CancellationTimeout = -1,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Timeout = 15,
            // Sessions are never changed, and run the same few statements: no need to clean or to plan again.
            NoResetOnClose = true,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 3,
        };
        if (environment.DatabaseCa is { } authority)
        {
            text.SslMode = SslMode.VerifyCA;
            text.RootCertificate = authority;
        }

        // A client has dozens of pools, and none of them needs more than the types that Npgsql knows by itself.
        return new NpgsqlSlimDataSourceBuilder(text.ConnectionString)
            .EnableTransportSecurity()
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();
    }
}
