using System.Diagnostics;
using System.Globalization;
using MySqlConnector;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Copying;

/// <summary>Two servers of MySQL or MariaDB, a seeded database, and the ways to run a tool or the module against them.</summary>
internal sealed class MySqlCopyBench
{
    private readonly ILabDatabaseServer source;
    private readonly ILabDatabaseServer target;
    private readonly string folder;
    private readonly ModuleLine module = new("root");

    internal MySqlCopyBench(ILabDatabaseServer source, ILabDatabaseServer target, string tools, string folder)
    {
        (this.source, this.target, this.folder) = (source, target, folder);
        var (from, to) = (new MySqlConnectionStringBuilder(source.ConnectionString("")), new MySqlConnectionStringBuilder(target.ConnectionString("")));
        WriteLogin("from.cnf", from);
        WriteLogin("to.cnf", to);

        // Inherited by all that is started here.
        foreach (var (name, value) in new[]
        {
            ("PATH", tools + ":" + Environment.GetEnvironmentVariable("PATH")), ("WA_FROM", from.Port.ToString(CultureInfo.InvariantCulture)), ("WA_TO", to.Port.ToString(CultureInfo.InvariantCulture)),
            ("WA_FROM_WORD", from.Password), ("WA_TO_WORD", to.Password), ("WA_FOLDER", folder), ("MYSQL_TEST_LOGIN_FILE", Path.Combine(folder, "none")),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    internal int Peak => module.Peak;

    internal async Task SeedAsync(string database, double share, CancellationToken cancellation)
    {
        var (messages, receipts, sessions) = ((long)(1_500_000 * share), (long)(3_000_000 * share), (long)(60_000 * share));
        await ExecuteAsync(source, "", cancellation, $"CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        await ExecuteAsync(
            source,
            database,
            cancellation,
            "CREATE TABLE digits (d int PRIMARY KEY)",
            "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
            "CREATE TABLE numbers (n bigint PRIMARY KEY)",
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO numbers SELECT n FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d + 1000000 * h.d AS n FROM digits a, digits b, digits c, digits e, digits f, digits g, digits h WHERE h.d < 4) x WHERE n <= {Math.Max(messages, receipts)}"),
            "CREATE TABLE messages (id bigint AUTO_INCREMENT PRIMARY KEY, message_id varchar(64) NOT NULL UNIQUE, contact varchar(32) NOT NULL, shard int NOT NULL, direction tinyint NOT NULL, created datetime NOT NULL, status tinyint NOT NULL, body blob, payload text, KEY (contact, created), KEY (status), KEY (created))",
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO messages (message_id, contact, shard, direction, created, status, body, payload) SELECT CONCAT('gBEGkYiEB1VX', LEFT(SHA2(n, 256), 32)), CONCAT('4915', n * 7919 % 400000 + 10000000), n % 32, n % 2, '2023-01-01' + INTERVAL n * 7 SECOND, n % 5, UNHEX(CONCAT(SHA2(CONCAT(n, 'a'), 256), SHA2(CONCAT(n, 'b'), 256))), CONCAT('Your order ', n, ' is on its way. ', REPEAT('Text ', n % 20)) FROM numbers WHERE n <= {messages} ORDER BY n"),
            "CREATE TABLE receipts (id bigint AUTO_INCREMENT PRIMARY KEY, message_id varchar(64) NOT NULL, kind tinyint NOT NULL, at datetime NOT NULL, contact varchar(32) NOT NULL, KEY (message_id))",
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO receipts (message_id, kind, at, contact) SELECT CONCAT('gBEGkYiEB1VX', LEFT(SHA2(n DIV 2, 256), 32)), n % 3, '2023-01-01' + INTERVAL n * 3 SECOND, CONCAT('4915', n * 7919 % 400000 + 10000000) FROM numbers WHERE n <= {receipts} ORDER BY n"),
            "CREATE TABLE sessions (contact varchar(32), device int, record blob, PRIMARY KEY (contact, device))",
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO sessions SELECT CONCAT('4915', n), n % 3, UNHEX(REPEAT(LEFT(SHA2(n, 256), 32), 30)) FROM numbers WHERE n <= {sessions}"),
            "DROP TABLE numbers",
            "DROP TABLE digits",
            "ANALYZE TABLE messages, receipts, sessions");
    }

    /// <summary>A database of kinds of values, one statement after an empty line each.</summary>
    internal async Task SeedMuseumAsync(string database, CancellationToken cancellation, params string[] files)
    {
        await ExecuteAsync(source, "", cancellation, $"CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        var statements = new List<string> { "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'" };
        foreach (var file in files)
        {
            await using var stream = typeof(MySqlCopyBench).Assembly.GetManifestResourceStream(file)!;
            using var reader = new StreamReader(stream);
            statements.AddRange((await reader.ReadToEndAsync(cancellation)).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }

        await ExecuteAsync(source, database, cancellation, [.. statements]);
    }

    /// <summary>One hundredth of the messages: half of them in one place, half spread.</summary>
    internal Task ChangeAsync(string database, int round, CancellationToken cancellation) => ExecuteAsync(
        source,
        database,
        cancellation,
        "SET @most = (SELECT MAX(id) FROM messages)",
        string.Create(CultureInfo.InvariantCulture, $"UPDATE messages SET status = status + 1 WHERE id % 200 = {round} OR id BETWEEN @most DIV 2 AND @most DIV 2 + @most DIV 200"));

    /// <summary>Milliseconds that a command of the shell takes; the target's database is made anew before, or gone.</summary>
    internal async Task<double> ShellAsync(string fresh, string command, CancellationToken cancellation)
    {
        await ClearAsync(fresh, cancellation);
        await ExecuteAsync(target, "", cancellation, $"CREATE DATABASE `{fresh}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-o", "pipefail", "-ec", command]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}.");
    }

    /// <summary>Milliseconds that a line of the module takes.</summary>
    internal async Task<double> ModuleAsync(string? fresh, string line, CancellationToken cancellation)
    {
        await ClearAsync(fresh, cancellation);
        if (Directory.Exists(Path.Combine(folder, "a")))
        {
            Directory.Delete(Path.Combine(folder, "a"), recursive: true);
        }

        return await module.TimeAsync(line, cancellation);
    }

    /// <summary>What the module says.</summary>
    internal Task<IReadOnlyList<string>> AskAsync(string line, CancellationToken cancellation) => module.RunAsync(line, cancellation);

    internal async Task ClearAsync(string? database, CancellationToken cancellation)
    {
        if (database is not null)
        {
            await ExecuteAsync(target, "", cancellation, $"DROP DATABASE IF EXISTS `{database}`");
        }
    }

    private static async Task ExecuteAsync(ILabDatabaseServer server, string database, CancellationToken cancellation, params string[] statements)
    {
        await using var connection = new MySqlConnection(server.ConnectionString(database) + ";Default Command Timeout=0;Allow User Variables=true");
        await connection.OpenAsync(cancellation);
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // The benchmark's own text.
            await using var command = new MySqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    private void WriteLogin(string name, MySqlConnectionStringBuilder login)
    {
        var file = Path.Combine(folder, name);
        var text = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1\nport={login.Port}\nuser={login.UserID}\npassword={login.Password}\n");
        File.WriteAllText(file, "[client]\nprotocol=TCP\n" + text + "[mydumper]\n" + text + "[myloader]\n" + text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
