using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MySqlConnector;

namespace WaLab.Servers;

/// <summary>
/// A real MariaDB server on a data folder of its own, on a free port of loopback and a unix socket, with password logins
/// only. It is stopped by its process id and its folder removed, also when this process is killed.
/// </summary>
public sealed class LabMariaDb : ILabDatabaseServer
{
    private const string Superuser = "root";
    private static readonly Lock SharedLock = new();
    private static Task<LabMariaDb>? shared;

    // Nothing here must survive a power cut: no syncing, little memory.
    private static readonly string[] Settings =
    [
        "--innodb-log-file-size=16M", "--innodb-use-native-aio=0", "--character-set-server=utf8mb4", "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-buffer-pool-size=64M",
        "--skip-innodb-doublewrite", "--aria-pagecache-buffer-size=8M", "--key-buffer-size=8M", "--skip-log-bin",
        "--max-connections=500", "--performance-schema=OFF", "--local-infile=ON", "--thread-cache-size=16",
    ];

    private readonly Func<CancellationToken, Task<ServerWatchdog>> _start;
    private ServerWatchdog _watchdog;

    private LabMariaDb(Func<CancellationToken, Task<ServerWatchdog>> start, ServerWatchdog watchdog, string folder, int port, string password)
    {
        _start = start;
        _watchdog = watchdog;
        Folder = folder;
        Port = port;
        Password = password;
    }

    /// <inheritdoc/>
    public LabDatabaseEngine Engine => LabDatabaseEngine.MariaDb;

    /// <summary>The address on this machine: always loopback.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The superuser's name.</summary>
    public static string User => Superuser;

    /// <summary>The superuser's password.</summary>
    public string Password { get; }

    /// <summary>The server's own folder: data, socket and log; removed when it stops.</summary>
    public string Folder { get; }

    /// <summary>The process id of the server.</summary>
    public int ProcessId => _watchdog.ServerId;

    /// <summary>The one server that all labs of this process share; it ends with the process.</summary>
    public static Task<LabMariaDb> SharedAsync(Action<string>? log = null)
    {
        lock (SharedLock)
        {
            if (shared is null || shared.IsFaulted || shared.IsCanceled)
            {
                shared = StartAsync(log, network: null, CancellationToken.None);
            }

            return shared;
        }
    }

    /// <summary>Starts a server of its own; with a network, containers on its hosts reach it too. More settings come last, so they win.</summary>
    public static async Task<LabMariaDb> StartAsync(
        Action<string>? log = null, ServerNetwork? network = null, CancellationToken cancellationToken = default, params string[] more)
    {
        var binaries = await MariaDbBinaries.EnsureAsync(log ?? (_ => { }), cancellationToken);
        return await StartAsync(binaries, network, cancellationToken, more);
    }

    /// <summary>Starts a server of its own from the given programs.</summary>
    public static async Task<LabMariaDb> StartAsync(
        MariaDbBinaries binaries, ServerNetwork? network = null, CancellationToken cancellationToken = default, params string[] more)
    {
        ArgumentNullException.ThrowIfNull(binaries);
        AbandonedServers.Remove("my", Path.Combine("data", "server.pid"));
        var folder = LabFolders.CreateRuntime("my");
        try
        {
            var user = ServerUser.Choose();
            await MariaDbTemplate.CopyAsync(binaries, user, folder, cancellationToken);
            var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
            await WriteFirstStatementsAsync(folder, password, network, cancellationToken);
            await user.OwnAsync(folder, cancellationToken);
            LabFolders.SetMode(folder, LabFolders.Passable);
            return await StartServerAsync(binaries, user, folder, password, network, more, cancellationToken);
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

    /// <summary>A connection string for one database of the server, or none, as superuser.</summary>
    public string ConnectionString(string database = "", bool pooling = false) => new MySqlConnectionStringBuilder
    {
        Server = Host,
        Port = (uint)Port,
        UserID = Superuser,
        Password = Password,
        Database = database,
        Pooling = pooling,
        SslMode = MySqlSslMode.Disabled,
        AllowLoadLocalInfile = true,
    }.ConnectionString;

    /// <summary>Kills the server, as a machine does that loses its power; its data stay.</summary>
    public async Task CrashAsync()
    {
        ServerProcesses.Kill(ProcessId);
        await _watchdog.AbandonAsync();
    }

    /// <summary>Starts it again on its data, at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        _watchdog = await _start(cancellationToken);
        if (!await WaitReadyAsync(cancellationToken))
        {
            throw new InvalidOperationException("MariaDB did not start again: " + await File.ReadAllTextAsync(Path.Combine(Folder, "server.err"), cancellationToken));
        }
    }

    string ILabDatabaseServer.ConnectionString(string database) => ConnectionString(database);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watchdog.DisposeAsync();

    private static async Task WriteFirstStatementsAsync(
        string folder, string password, ServerNetwork? network, CancellationToken cancellationToken)
    {
        List<string> statements =
        [
            $"ALTER USER '{Superuser}'@'localhost' IDENTIFIED BY '{password}';",
            $"GRANT ALL ON *.* TO '{Superuser}'@'127.0.0.1' IDENTIFIED BY '{password}' WITH GRANT OPTION;",
        ];
        if (network is not null)
        {
            // An account's host may be a network: address and mask.
            statements.Add(
                $"GRANT ALL ON *.* TO '{Superuser}'@'{network.Mask}' IDENTIFIED BY '{password}' WITH GRANT OPTION;");
        }

        var file = Path.Combine(folder, "first.sql");
        await using (File.Create(file))
        {
            LabFolders.SetMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await File.WriteAllLinesAsync(file, statements, cancellationToken);
    }

    private static async Task<LabMariaDb> StartServerAsync(
        MariaDbBinaries binaries,
        ServerUser user,
        string folder,
        string password,
        ServerNetwork? network,
        string[] more,
        CancellationToken cancellationToken)
    {
        string[] listen = network is null ? [Host] : [Host, network.Address.ToString()];
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            List<string> command =
            [
                .. user.Prefix, binaries.Server, "--no-defaults", "--basedir=" + binaries.Root, "--lc-messages-dir=" + binaries.Share,
                "--datadir=" + Path.Combine(folder, "data"), "--tmpdir=" + Path.Combine(folder, "tmp"),
                "--socket=" + Path.Combine(folder, "s"), "--pid-file=server.pid", "--init-file=" + Path.Combine(folder, "first.sql"),
                "--bind-address=" + string.Join(',', listen), "--port=" + port.ToString(CultureInfo.InvariantCulture), .. Settings, .. more,
            ];
            var watchdog = await ServerWatchdog.StartAsync(folder, "KILL", command, binaries.ProcessEnvironment, cancellationToken);

            // What gave it its password is run once.
            Task<ServerWatchdog> Again(CancellationToken stop) => ServerWatchdog.StartAsync(folder, "KILL", command.Where(part => !part.StartsWith("--init-file=", StringComparison.Ordinal)), binaries.ProcessEnvironment, stop);
            var server = new LabMariaDb(Again, watchdog, folder, port, password);
            try
            {
                if (await server.WaitReadyAsync(cancellationToken))
                {
                    File.Delete(Path.Combine(folder, "first.sql"));
                    return server;
                }

                var log = await File.ReadAllTextAsync(Path.Combine(folder, "server.err"), cancellationToken);

                // The free port may have been taken by another process in between.
                if (attempt == 5 || !log.Contains("Can't start server: Bind", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("MariaDB did not start: " + log.Trim().ReplaceLineEndings(" | "));
                }
            }
            catch
            {
                await watchdog.DisposeAsync();
                throw;
            }

            await watchdog.AbandonAsync();
        }
    }

    private async Task<bool> WaitReadyAsync(CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < 3000; waited++)
        {
            if (await AnswersAsync(cancellationToken))
            {
                return true;
            }

            if (!_watchdog.IsServerRunning)
            {
                return false;
            }

            await Task.Delay(20, cancellationToken);
        }

        throw new TimeoutException("MariaDB did not become ready within 60 s.");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new MySqlConnection(ConnectionString());
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (MySqlException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
