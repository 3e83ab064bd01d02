using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using WaLab;
using WaLab.RealDocker;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Downtime;

/// <summary>
/// Option 3 as the guide has it done by hand, by somebody who types without a pause: the containers stopped and removed,
/// each database dumped to a file by the server's own tool and restored from it, the new containers started.
/// </summary>
internal sealed class GuideWay(Lab lab, string folder)
{
    private readonly Dictionary<string, string> environment = [];

    private bool IsPostgres => lab.Options.DatabaseEngine == LabDatabaseEngine.PostgreSql;

    /// <summary>Seconds of each part.</summary>
    internal async Task<IReadOnlyList<(string Part, double Seconds)>> RunAsync(CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var databases = await lab.ListDatabasesAsync(lab.Old, cancellation);
        var parts = new List<(string, double)>();
        var watch = Stopwatch.StartNew();
        void Lap(string part)
        {
            parts.Add((part, watch.Elapsed.TotalSeconds));
            watch.Restart();
        }

        using (var docker = new DockerApiClient(lab.Old.DirectDockerHost.LocalPath))
        {
            foreach (var container in await docker.ContainersAsync(cancellation))
            {
                await docker.PostAsync($"containers/{container.Id}/stop", null, cancellation);
                await docker.DeleteAsync($"containers/{container.Id}", cancellation);
            }
        }

        Lap("stop and remove the old containers");
        foreach (var database in databases)
        {
            await RunAsync(Dump(database), cancellation);
        }

        Lap("dump");
        foreach (var database in databases)
        {
            await RunAsync(Restore(database, lab.New.NamePrefix + database[lab.Old.NamePrefix.Length..]), cancellation);
        }

        Lap("restore");
        await lab.New.InstallAsync(cancellation);
        Lap("start the new containers");
        return parts;
    }

    private string Dump(string database) => lab.Options.DatabaseEngine switch
    {
        LabDatabaseEngine.PostgreSql => $"pg_dump --no-owner -f '{database}.sql' '{database}'",
        LabDatabaseEngine.MariaDb => $"mariadb-dump --defaults-file=login.cnf --single-transaction --quick --routines --events --triggers --hex-blob '{database}' > '{database}.sql'",
        _ => $"mysqldump --defaults-file=login.cnf --single-transaction --quick --routines --events --triggers --hex-blob --no-tablespaces --set-gtid-purged=OFF '{database}' > '{database}.sql'",
    };

    private string Restore(string database, string target) => lab.Options.DatabaseEngine switch
    {
        LabDatabaseEngine.PostgreSql => $"createdb -T template0 -O '{lab.New.DatabaseUser}' '{target}' && PGOPTIONS='-c role={lab.New.DatabaseUser}' psql -q -v ON_ERROR_STOP=1 -f '{database}.sql' '{target}' > /dev/null",
        var engine => $"{(engine == LabDatabaseEngine.MariaDb ? "mariadb" : "mysql")} --defaults-file=login.cnf -e 'CREATE DATABASE `{target}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin' && {(engine == LabDatabaseEngine.MariaDb ? "mariadb" : "mysql")} --defaults-file=login.cnf '{target}' < '{database}.sql'",
    };

    /// <summary>The tools and their logins: by files that nobody else reads, never as arguments.</summary>
    private async Task PrepareAsync(CancellationToken cancellation)
    {
        var tools = Path.Combine(folder, "tools");
        var path = Environment.GetEnvironmentVariable("PATH");
        if (lab.DatabaseServer is LabPostgres postgres)
        {
            var binaries = await PostgresBinaries.EnsureAsync(_ => { }, cancellation);
            await WriteAsync("pgpass", $"*:*:*:*:{postgres.Password}\n", cancellation);
            environment["PGPASSFILE"] = Path.Combine(folder, "pgpass");
            environment["PGHOST"] = "127.0.0.1";
            environment["PGPORT"] = postgres.Port.ToString(CultureInfo.InvariantCulture);
            environment["PGUSER"] = LabPostgres.User;
            environment["PATH"] = binaries.Folder + ":" + path;
            if (binaries.LibraryPath is { } libraries)
            {
                environment["LD_LIBRARY_PATH"] = libraries;
            }

            return;
        }

        if (lab.Options.DatabaseEngine == LabDatabaseEngine.MariaDb)
        {
            await MariaDbTools.PublishAsync(tools, cancellation);
        }
        else
        {
            (await MySqlBinaries.EnsureAsync(_ => { }, cancellation)).Publish(tools, "bin/mysqldump", "bin/mysql");
        }

        environment["PATH"] = tools + ":" + path;
        environment["MYSQL_TEST_LOGIN_FILE"] = Path.Combine(folder, "none");
        var login = new MySqlConnectionStringBuilder(lab.DatabaseServer.ConnectionString(""));
        await WriteAsync("login.cnf", string.Create(CultureInfo.InvariantCulture, $"[client]\nprotocol=TCP\nhost=127.0.0.1\nport={login.Port}\nuser={login.UserID}\npassword={login.Password}\n"), cancellation);
    }

    private async Task WriteAsync(string name, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(Path.Combine(folder, name), options);
        await writer.WriteAsync(text.AsMemory(), cancellation);
    }

    private async Task RunAsync(string command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("sh", ["-ec", command]) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}.");
        }
    }
}
