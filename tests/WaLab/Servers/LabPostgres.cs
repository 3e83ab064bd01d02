using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace WaLab.Servers;

/// <summary>
/// A real PostgreSQL server on a data folder of its own, on a free port of loopback and a unix socket, with password
/// logins only. It is stopped by its process id and its folder removed, also when this process is killed.
/// </summary>
public sealed class LabPostgres : ILabDatabaseServer
{
    private const string Superuser = "postgres";
    private static readonly Lock SharedLock = new();
    private static Task<LabPostgres>? shared;

    // Nothing here must survive a power cut, but what is committed outlives the server's processes. Hundreds of small
    // databases come and go: no syncing, and no background process that wakes for each of them.
    private static readonly string[] Settings =
    [
        "fsync=off", "full_page_writes=off", "max_connections=500", "shared_buffers=64MB",
        "autovacuum=off", "bgwriter_lru_maxpages=0", "bgwriter_delay=10s", "wal_writer_delay=10s", "checkpoint_timeout=1h",
        "max_wal_size=1GB", "jit=off", "log_destination=stderr", "logging_collector=off",
        "password_encryption=scram-sha-256", "unix_socket_permissions=0777",
    ];

    /// <summary>As a server is delivered: all of it must survive a power cut.</summary>
    private static readonly string[] StockSettings = ["max_wal_size=1GB", "logging_collector=off", "unix_socket_permissions=0777"];

    private readonly Func<CancellationToken, Task<ServerWatchdog?>> _start;
    private ServerWatchdog _watchdog;

    private LabPostgres(Func<CancellationToken, Task<ServerWatchdog?>> start, ServerWatchdog watchdog, string folder, int port, string password)
    {
        _start = start;
        _watchdog = watchdog;
        Folder = folder;
        Port = port;
        Password = password;
    }

    /// <inheritdoc/>
    public LabDatabaseEngine Engine => LabDatabaseEngine.PostgreSql;

    /// <summary>The address: always loopback.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The superuser's name.</summary>
    public static string User => Superuser;

    /// <summary>The superuser's password.</summary>
    public string Password { get; }

    /// <summary>The server's own folder: data, socket and log; removed when it stops.</summary>
    public string Folder { get; }

    /// <summary>The folder of the unix socket.</summary>
    public string SocketFolder => Path.Combine(Folder, "s");

    /// <summary>The process id of the server.</summary>
    public int ProcessId => _watchdog.ServerId;

    /// <summary>The one server that all labs of this process share; it ends with the process.</summary>
    public static Task<LabPostgres> SharedAsync(Action<string>? log = null)
    {
        lock (SharedLock)
        {
            if (shared is null || shared.IsFaulted || shared.IsCanceled)
            {
                shared = StartAsync(log, CancellationToken.None);
            }

            return shared;
        }
    }

    /// <summary>Starts a server of its own.</summary>
    public static Task<LabPostgres> StartAsync(Action<string>? log = null, CancellationToken cancellationToken = default) =>
        StartAsync(log, network: null, cancellationToken);

    /// <summary>Starts a server of its own that containers on the hosts of that network reach, too.</summary>
    public static async Task<LabPostgres> StartAsync(Action<string>? log, ServerNetwork? network, CancellationToken cancellationToken = default)
    {
        var binaries = await PostgresBinaries.EnsureAsync(log ?? (_ => { }), cancellationToken);
        return await StartAsync(binaries, network, Settings, cancellationToken);
    }

    /// <summary>Starts a server of its own from the given programs.</summary>
    public static Task<LabPostgres> StartAsync(PostgresBinaries binaries, CancellationToken cancellationToken = default) =>
        StartAsync(binaries, network: null, Settings, cancellationToken);

    /// <summary>Starts a server of its own with the settings that it is delivered with, for measuring.</summary>
    public static async Task<LabPostgres> StartStockAsync(CancellationToken cancellationToken = default) =>
        await StartAsync(await PostgresBinaries.EnsureAsync(_ => { }, cancellationToken), network: null, StockSettings, cancellationToken);

    private static async Task<LabPostgres> StartAsync(PostgresBinaries binaries, ServerNetwork? network, string[] settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(binaries);
        if (OperatingSystem.IsWindows())
        {
            throw new LabServerMissingException("The lab's PostgreSQL server runs on Linux and macOS only; on Windows run the tests in WSL.");
        }

        AbandonedServers.Remove("pg", Path.Combine("data", "postmaster.pid"));
        var folder = LabFolders.CreateRuntime("pg");
        try
        {
            var user = ServerUser.Choose();
            var templatePassword = await PostgresTemplate.CopyAsync(binaries, user, folder, cancellationToken);
            if (network is not null)
            {
                await File.AppendAllTextAsync(
                    Path.Combine(folder, "data", "pg_hba.conf"), $"host all all {network.Subnet} scram-sha-256\n", cancellationToken);
            }

            return await StartServerAsync(binaries, user, folder, templatePassword, network, settings, cancellationToken);
        }
        catch
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    /// <summary>A connection string for one database of the server, as superuser.</summary>
    public string ConnectionString(string database = "postgres", bool pooling = false) =>
        ConnectionString(Host, Port, Password, database, pooling);

    /// <summary>Kills the server and all its sessions, as a machine does that loses its power; its data stay.</summary>
    public async Task CrashAsync()
    {
        // The sessions' processes would go on until they see that the server is gone.
        int[] all = [ProcessId, .. ServerProcesses.ChildrenOf(ProcessId)];
        foreach (var id in all)
        {
            ServerProcesses.Kill(id);
        }

        await _watchdog.AbandonAsync();
    }

    /// <summary>
    /// Starts it again on its data, at the same address. A session that was being made while the server was killed ends by
    /// itself a moment later, and until then holds the memory that they shared.
    /// </summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await _start(cancellationToken) is { } watchdog)
            {
                _watchdog = watchdog;
                return;
            }

            var log = await File.ReadAllTextAsync(Path.Combine(Folder, "server.err"), cancellationToken);
            if (attempt == 20 || !log[^Math.Min(log.Length, 1000)..].Contains("pre-existing shared memory block", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("PostgreSQL did not start again: " + log);
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    string ILabDatabaseServer.ConnectionString(string database) => ConnectionString(database);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watchdog.DisposeAsync();

    private static async Task<LabPostgres> StartServerAsync(
        PostgresBinaries binaries,
        ServerUser user,
        string folder,
        string templatePassword,
        ServerNetwork? network,
        string[] settings,
        CancellationToken cancellationToken)
    {
        string[] listen = network is null ? [Host] : [Host, network.Address.ToString()];
        var data = Path.Combine(folder, "data");
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            List<string> command =
            [
                .. user.Prefix, Path.Combine(binaries.Folder, "postgres"), "-D", data,
                "-p", port.ToString(CultureInfo.InvariantCulture), "-k", Path.Combine(folder, "s"),
                "-c", "listen_addresses=" + string.Join(',', listen),
                .. settings.SelectMany(setting => new[] { "-c", setting }),
            ];
            Task<ServerWatchdog?> Start(CancellationToken stop) => StartProcessAsync(folder, data, command, binaries.ProcessEnvironment, stop);
            if (await Start(cancellationToken) is { } watchdog)
            {
                try
                {
                    var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
                    await ChangePasswordAsync(port, templatePassword, password, cancellationToken);
                    return new LabPostgres(Start, watchdog, folder, port, password);
                }
                catch
                {
                    await watchdog.DisposeAsync();
                    throw;
                }
            }

            var log = await File.ReadAllTextAsync(Path.Combine(folder, "server.err"), cancellationToken);

            // The free port may have been taken by another process in between.
            if (attempt == 5 || !log.Contains("could not bind", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("PostgreSQL did not start: " + log.Trim().ReplaceLineEndings(" | "));
            }
        }
    }

    /// <summary>Starts the server's process and waits until it is ready; null where it ended, with its folder kept.</summary>
    private static async Task<ServerWatchdog?> StartProcessAsync(
        string folder, string data, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        // What a server that was killed left says that it is ready.
        File.Delete(Path.Combine(data, "postmaster.pid"));
        var watchdog = await ServerWatchdog.StartAsync(folder, "QUIT", command, environment, cancellationToken);
        try
        {
            if (await WaitReadyAsync(watchdog, data, cancellationToken))
            {
                return watchdog;
            }
        }
        catch
        {
            await watchdog.DisposeAsync();
            throw;
        }

        await watchdog.AbandonAsync();
        return null;
    }

    private static async Task<bool> WaitReadyAsync(ServerWatchdog watchdog, string data, CancellationToken cancellationToken)
    {
        var state = Path.Combine(data, "postmaster.pid");
        for (var waited = 0; waited < 3000; waited++)
        {
            if (File.Exists(state) && (await File.ReadAllTextAsync(state, cancellationToken)).Contains("ready", StringComparison.Ordinal))
            {
                return true;
            }

            if (!watchdog.IsServerRunning)
            {
                return false;
            }

            await Task.Delay(10, cancellationToken);
        }

        throw new TimeoutException("PostgreSQL did not become ready within 30 s.");
    }

    private static async Task ChangePasswordAsync(int port, string old, string password, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(Host, port, old, "postgres", pooling: false));
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"ALTER ROLE {Superuser} PASSWORD '{password}'";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ConnectionString(string host, int port, string password, string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Username = Superuser,
            Password = password,
            Database = database,
            Pooling = pooling,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
