using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WaSimulator.Hosting;

namespace WaSimulator.Storage;

/// <summary>
/// A node's way to its PostgreSQL server. What it has open when it ends is cut; idle sessions end with the last node of
/// the client in this process.
/// </summary>
internal sealed class PostgresServer : IDatabaseServer
{
    private const string Maintenance = "postgres";

    private readonly Lock gate = new();
    private readonly CancellationTokenSource cut = new();
    private readonly NodeEnvironment environment;
    private readonly INodeNetwork network;
    private readonly SimClock clock;
    private PostgresPools? pools;
    private bool isCut;

    public PostgresServer(NodeEnvironment environment, INodeNetwork network, SimClock clock)
    {
        this.environment = environment;
        this.network = network;
        this.clock = clock;
    }

    public async Task EnsureAsync(
        IReadOnlyList<StoreSchema> schemas,
        Action<string, string> log,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut.Token);
        await WaitAsync(log, either.Token);
        await using (var look = await Source(Maintenance).OpenConnectionAsync(either.Token))
        {
            if (await IsCompleteAsync(look, schemas, either.Token))
            {
                return;
            }
        }

        // Advisory locks belong to a session, which is no other node's and ends with this, and to a database: every node
        // takes this one in the maintenance database. Looking is shared, so that nodes that start together do not queue;
        // whoever finds something missing and gets the lock alone makes it.
        await using var own = PostgresPools.Build(Server(), Maintenance);
        await using var connection = await own.OpenConnectionAsync(either.Token);
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
        lock (gate)
        {
            if (isCut)
            {
                return;
            }

            isCut = true;
        }

        cut.Cancel();
        pools?.Dispose();
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

                // From 15 on the default writes all of the new database to the log, which takes twice as long for small ones.
                var strategy = own.PostgreSqlVersion.Major >= 15 ? " strategy file_copy" : string.Empty;
                await RunAsync(own, $"create database {Quote(name)} template template0 encoding 'UTF8'{strategy}", token);
            });
        await Task.WhenAll(schemas.Select(schema => SchemaUpgrade.RunAsync(Open(schema.Name), schema, log, cancellationToken)));
    }

    private async Task WaitAsync(Action<string, string> log, CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            try
            {
                await using var connection = await Source(Maintenance).OpenConnectionAsync(cancellationToken);
                await RunAsync(connection, "select 1", cancellationToken);
                return;
            }
            catch (NpgsqlException problem) when (problem.SqlState is not ("28P01" or "28000" or "3D000"))
            {
                if (!told)
                {
                    log("WARN", $"Waiting for the database at {environment.DatabaseHost}:{environment.DatabasePort}: {problem.Message}");
                    told = true;
                }
            }
            catch (PostgresException problem)
            {
                throw new SimulatorException($"The database refused the login: {problem.SqlState} {problem.MessageText}", problem);
            }

            await clock.DelayAsync(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private string Physical(string name) => name == Maintenance ? name : environment.DatabasePrefix + name;

    private NpgsqlDataSource Source(string physical)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isCut, this);
            pools ??= PostgresPools.Take(Server());
            return pools.Of(physical);
        }
    }

    private NpgsqlConnectionStringBuilder Server()
    {
        var address = network.Resolve(environment.DatabaseHost, environment.DatabasePort);
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = address?.Address.ToString() ?? environment.DatabaseHost,
            Port = address?.Port ?? environment.DatabasePort,
            Username = environment.DatabaseUser,
            Password = environment.DatabasePassword,
            ApplicationName = "wa-" + environment.DatabasePrefix,
            MaxPoolSize = 16,
            // Sessions cost nothing while they are idle.
            ConnectionIdleLifetime = 60,
            ConnectionPruningInterval = 10,
            // A killed node waits for nothing: the socket is closed instead of a cancel request being awaited.
            CancellationTimeout = -1,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Timeout = 15,
            // Sessions are never changed, and run the same few statements: no need to clean or to plan again.
            NoResetOnClose = true,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 3,
        };
        if (environment.DatabaseCa is { } authority)
        {
            text.SslMode = SslMode.VerifyCA;
            text.RootCertificate = authority;
        }

        return text;
    }
}
