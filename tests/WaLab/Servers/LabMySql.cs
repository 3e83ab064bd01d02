using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;

namespace WaLab.Servers;

/// <summary>
/// A real MySQL server on a data folder of its own, on a free port of loopback, with a password login. It is stopped by its
/// process id and its folder removed, also when this process is killed.
/// </summary>
public sealed class LabMySql : ILabDatabaseServer
{
    private const string Superuser = "root";
    private static readonly Lock SharedLock = new();
    private static Task<LabMySql>? shared;

    // Nothing here must survive a power cut: no syncing, little memory.
    private static readonly string[] Settings =
    [
        "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-doublewrite=OFF", "--innodb-use-native-aio=0", "--innodb-buffer-pool-size=64M", "--innodb-redo-log-capacity=64M",
        "--skip-log-bin", "--mysqlx=OFF", "--performance-schema=OFF", "--local-infile=ON", "--secure-file-priv=NULL", "--max-connections=500", "--skip-name-resolve", "--sync-binlog=0", "--key-buffer-size=8M",
        "--max-allowed-packet=128M", "--event-scheduler=OFF",
    ];

    private readonly Func<CancellationToken, Task<ServerWatchdog>> _start;
    private ServerWatchdog _watchdog;

    private LabMySql(Func<CancellationToken, Task<ServerWatchdog>> start, ServerWatchdog watchdog, string folder, int port, string password, string version)
    {
        _start = start;
        _watchdog = watchdog;
        Folder = folder;
        Port = port;
        Password = password;
        Version = version;
    }

    /// <inheritdoc/>
    public LabDatabaseEngine Engine => LabDatabaseEngine.MySql;

    /// <summary>The address on this machine: always loopback.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>The superuser's name.</summary>
    public static string User => Superuser;

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>The superuser's password.</summary>
    public string Password { get; }

    /// <summary>What the server says of its version.</summary>
    public string Version { get; }

    /// <summary>The server's own folder: data, socket and log; removed when it stops.</summary>
    public string Folder { get; }

    /// <summary>The process id of the server.</summary>
    public int ProcessId => _watchdog.ServerId;

    /// <summary>The one server that all labs of this process share; it ends with the process.</summary>
    public static Task<LabMySql> SharedAsync(Action<string>? log = null)
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
    public static async Task<LabMySql> StartAsync(Action<string>? log = null, ServerNetwork? network = null, CancellationToken cancellationToken = default, params string[] more)
    {
        var binaries = await MySqlBinaries.EnsureAsync(log ?? (_ => { }), cancellationToken);
        AbandonedServers.Remove("mysql", Path.Combine("data", "server.pid"));
        var folder = LabFolders.CreateRuntime("mysql");
        try
        {
            var user = ServerUser.Choose();
            var version = await binaries.VersionAsync(cancellationToken);
            log?.Invoke(version);
            await CopyTemplateAsync(binaries, user, folder, version, cancellationToken);
            var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
            var first = Path.Combine(folder, "first.sql");
            await using (File.Create(first))
            {
                LabFolders.SetMode(first, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            // An account's host may be a network: address and mask.
            string[] hosts = network is null ? ["127.0.0.1"] : ["127.0.0.1", network.Mask];
            await File.WriteAllLinesAsync(
                first,
                [
                    $"ALTER USER '{Superuser}'@'localhost' IDENTIFIED BY '{password}';",
                    .. hosts.Select(host => $"CREATE USER '{Superuser}'@'{host}' IDENTIFIED BY '{password}';"),
                    .. hosts.Select(host => $"GRANT ALL ON *.* TO '{Superuser}'@'{host}' WITH GRANT OPTION;"),
                ],
                cancellationToken);
            await user.OwnAsync(folder, cancellationToken);
            LabFolders.SetMode(folder, LabFolders.Passable);
            return await StartServerAsync(binaries, user, folder, password, version, network, more, cancellationToken);
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
    public string ConnectionString(string database = "") => new MySqlConnectionStringBuilder
    {
        Server = Host, Port = (uint)Port, UserID = Superuser, Password = Password, Database = database, Pooling = false, SslMode = MySqlSslMode.Required, AllowLoadLocalInfile = true,
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
            throw new InvalidOperationException("MySQL did not start again: " + await File.ReadAllTextAsync(Path.Combine(Folder, "server.err"), cancellationToken));
        }
    }

    string ILabDatabaseServer.ConnectionString(string database) => ConnectionString(database);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watchdog.DisposeAsync();

    /// <summary>A data folder made once and kept in the cache: copying it takes a tenth of making it.</summary>
    private static async Task CopyTemplateAsync(MySqlBinaries binaries, ServerUser user, string folder, string version, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(version + "\n" + user.Name)))[..16];
        var template = Path.Combine(LabFolders.Cache, "mysql-template-" + key);
        await using (await LabLock.TakeAsync("mysql-template", cancellationToken))
        {
            if (!Directory.Exists(template))
            {
                var fresh = Path.Combine(folder, "template");
                await user.OwnAsync(folder, cancellationToken);
                string[] command =
                [
                    .. user.Prefix, .. binaries.Command("sbin/mysqld"), "--no-defaults", "--initialize-insecure", "--basedir=" + binaries.Base, "--datadir=" + fresh,
                    "--innodb-use-native-aio=0", "--innodb-redo-log-capacity=64M", "--innodb-doublewrite=OFF", "--log-error=" + Path.Combine(folder, "init.err"),
                ];
                await LabCommand.RunAsync(command[0], command[1..], MySqlBinaries.ProcessEnvironment, "/", cancellationToken);

                // A copy of a data folder has its server's id, which is to tell servers apart.
                File.Delete(Path.Combine(fresh, "auto.cnf"));
                await LabCommand.RunAsync("cp", ["-a", fresh, template + ".new"], cancellationToken: cancellationToken);
                Directory.Delete(fresh, recursive: true);
                Directory.Move(template + ".new", template);
            }
        }

        await LabCommand.RunAsync("cp", ["-a", "--reflink=auto", template, Path.Combine(folder, "data")], cancellationToken: cancellationToken);
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
    }

    private static async Task<LabMySql> StartServerAsync(MySqlBinaries binaries, ServerUser user, string folder, string password, string version, ServerNetwork? network, string[] more, CancellationToken cancellationToken)
    {
        string[] listen = network is null ? [Host] : [Host, network.Address.ToString()];
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            List<string> command =
            [
                .. user.Prefix, .. binaries.Command("sbin/mysqld"), "--no-defaults", "--basedir=" + binaries.Base, "--datadir=" + Path.Combine(folder, "data"), "--tmpdir=" + Path.Combine(folder, "tmp"),
                "--socket=" + Path.Combine(folder, "s"), "--pid-file=server.pid", "--init-file=" + Path.Combine(folder, "first.sql"),
                "--bind-address=" + string.Join(',', listen), "--port=" + port.ToString(CultureInfo.InvariantCulture), .. Settings, .. more,
            ];
            var watchdog = await ServerWatchdog.StartAsync(folder, "KILL", command, MySqlBinaries.ProcessEnvironment, cancellationToken);

            // What gave it its password is run once.
            Task<ServerWatchdog> Again(CancellationToken stop) => ServerWatchdog.StartAsync(folder, "KILL", command.Where(part => !part.StartsWith("--init-file=", StringComparison.Ordinal)), MySqlBinaries.ProcessEnvironment, stop);
            var server = new LabMySql(Again, watchdog, folder, port, password, version);
            try
            {
                if (await server.WaitReadyAsync(cancellationToken))
                {
                    File.Delete(Path.Combine(folder, "first.sql"));
                    return server;
                }

                var log = await File.ReadAllTextAsync(Path.Combine(folder, "server.err"), cancellationToken);
                if (attempt == 5 || !log.Contains("Bind on TCP/IP port", StringComparison.OrdinalIgnoreCase))
                {
                    throw new InvalidOperationException("MySQL did not start: " + log.Trim().ReplaceLineEndings(" | "));
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
        for (var waited = 0; waited < 1800; waited++)
        {
            if (await AnswersAsync(cancellationToken))
            {
                return true;
            }

            if (!_watchdog.IsServerRunning)
            {
                return false;
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException("MySQL did not become ready within 90 s.");
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
