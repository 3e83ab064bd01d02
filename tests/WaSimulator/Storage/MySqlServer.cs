using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using WaSimulator.Hosting;

namespace WaSimulator.Storage;

/// <summary>A node's sessions on a MySQL or MariaDB server: a small pool a database, all ended with the node.</summary>
internal sealed class MySqlServer : IDatabaseServer
{
    private readonly ConcurrentDictionary<string, MySqlDataSource> sources = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource cut = new();
    private readonly NodeEnvironment environment;
    private readonly INodeNetwork network;
    private readonly SimClock clock;
    private readonly string application;
    private int ended;

    public MySqlServer(NodeEnvironment environment, INodeNetwork network, SimClock clock, string application)
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
        if (await IsCompleteAsync(connection, schemas, either.Token))
        {
            return;
        }

        // A lock by name, of the whole server: nodes that start together take turns, and the second finds all there.
        var name = "wa-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Physical(schemas[0].Name))))[..32];
        while (await ScalarAsync(connection, "select get_lock(@name, 5)", either.Token, ("name", name)) != 1)
        {
            log("INFO", "Waiting for another node that prepares the databases");
        }

        if (!await IsCompleteAsync(connection, schemas, either.Token))
        {
            await MakeAsync(connection, schemas, log, either.Token);
        }

        // The end of this connection gives it back as well, when something above fails.
        await ScalarAsync(connection, "select release_lock(@name)", either.Token, ("name", name));
    }

    public IStore Open(string name) => new SqlStore(Source(Physical(name)), MySqlDialect.Instance, cut.Token);

    public async Task<string> FingerprintAsync(string name, CancellationToken cancellationToken)
    {
        // A database has no number here: what was made when, on which server, tells a copy from what it was copied from.
        var rows = await Open(name).QueryAsync(
            "select concat_ws('|', @@hostname, @@port, @@datadir, database(), min(create_time)) " +
            "from information_schema.tables where table_schema = database()",
            reader => reader.GetString(0),
            cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows[0])))[..12];
    }

    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var rows = await Open(StoreNames.Config).QueryAsync("select version()", reader => reader.GetString(0), cancellationToken);
        return "MySQL " + rows[0];
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

    private static async Task<long> ScalarAsync(
        MySqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteScalarAsync(cancellationToken) is { } answer and not DBNull
            ? Convert.ToInt64(answer, System.Globalization.CultureInfo.InvariantCulture)
            : 0;
    }

    private static string Quote(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private async Task<bool> IsCompleteAsync(MySqlConnection connection, IReadOnlyList<StoreSchema> schemas, CancellationToken cancellationToken)
    {
        var present = await StampsAsync(connection, schemas, cancellationToken);
        if (present.Count < schemas.Count)
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

    /// <summary>The databases that are there, each with a number that is another one for a copy.</summary>
    private async Task<Dictionary<string, long>> StampsAsync(
        MySqlConnection connection, IReadOnlyList<StoreSchema> schemas, CancellationToken cancellationToken)
    {
        var names = schemas.Select((schema, number) => (Parameter: $"@n{number}", Name: Physical(schema.Name))).ToList();
        var list = string.Join(", ", names.Select(name => name.Parameter));
        await using var command = new MySqlCommand(
            "select s.schema_name, coalesce(cast(max(unix_timestamp(t.create_time)) as signed), 0) from information_schema.schemata s " +
            $"left join information_schema.tables t on t.table_schema = s.schema_name and t.table_schema in ({list}) " +
            $"where s.schema_name in ({list}) group by s.schema_name",
            connection);
        names.ForEach(name => command.Parameters.AddWithValue(name.Parameter, name.Name));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stamps = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            stamps[reader.GetString(0)] = reader.GetInt64(1);
        }

        return stamps;
    }

    private async Task MakeAsync(
        MySqlConnection connection,
        IReadOnlyList<StoreSchema> schemas,
        Action<string, string> log,
        CancellationToken cancellationToken)
    {
        var present = await StampsAsync(connection, schemas, cancellationToken);
        foreach (var name in schemas.Select(schema => Physical(schema.Name)).Where(name => !present.ContainsKey(name)))
        {
            log("INFO", $"Creating database {name}");

            // Ids and tokens tell small letters from large ones.
            await ScalarAsync(
                connection, $"create database {Quote(name)} character set utf8mb4 collate utf8mb4_bin", cancellationToken);
        }

        await Task.WhenAll(schemas.Select(schema => SchemaUpgrade.RunAsync(Open(schema.Name), schema, log, cancellationToken)));
    }

    private async Task<MySqlConnection> WaitAsync(Action<string, string> log, CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            var connection = new MySqlConnection(Settings(database: null));
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (MySqlException problem) when (problem.ErrorCode == MySqlErrorCode.AccessDenied)
            {
                await connection.DisposeAsync();
                throw new SimulatorException($"The database refused the login: {problem.Message}", problem);
            }
            catch (MySqlException problem)
            {
                await connection.DisposeAsync();
                if (!told)
                {
                    log("WARN", $"Waiting for the database at {environment.DatabaseHost}:{environment.DatabasePort}: {problem.Message}");
                    told = true;
                }
            }

            await clock.DelayAsync(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private string Physical(string name) => environment.DatabasePrefix + name;

    private MySqlDataSource Source(string physical) => sources.GetOrAdd(physical, name => new MySqlDataSource(Settings(name)));

    private string Settings(string? database)
    {
        var address = network.Resolve(environment.DatabaseHost, environment.DatabasePort);
        var text = new MySqlConnectionStringBuilder
        {
            Server = address?.Address.ToString() ?? environment.DatabaseHost,
            Port = (uint)(address?.Port ?? environment.DatabasePort),
            UserID = environment.DatabaseUser,
            Password = environment.DatabasePassword,
            ApplicationName = application,
            Pooling = database is not null,
            MaximumPoolSize = 3,
            ConnectionIdleTimeout = 3,
            ConnectionReset = false,
            // A killed node waits for nothing: the socket is closed instead of a cancel request being awaited.
            CancellationTimeout = -1,
            ConnectionTimeout = 15,
            AllowPublicKeyRetrieval = true,
            GuidFormat = MySqlGuidFormat.None,
        };
        if (database is not null)
        {
            text.Database = database;
        }

        if (environment.DatabaseCa is { } authority)
        {
            text.SslMode = MySqlSslMode.VerifyCA;
            text.SslCa = authority;
        }

        return text.ConnectionString;
    }
}
