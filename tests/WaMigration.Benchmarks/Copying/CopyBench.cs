using System.Diagnostics;
using System.Globalization;
using Npgsql;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Copying;

/// <summary>Two servers, a seeded database, and the ways to run a tool or the module against them.</summary>
internal sealed class CopyBench
{
    private readonly LabPostgres source;
    private readonly LabPostgres target;
    private readonly string folder;
    private readonly ModuleLine module = new(LabPostgres.User);

    internal CopyBench(LabPostgres source, LabPostgres target, string programs, string folder)
    {
        (this.source, this.target, this.folder) = (source, target, folder);
        var file = Path.Combine(folder, "pgpass");
        File.WriteAllText(file, $"*:{source.Port}:*:*:{source.Password}\n*:{target.Port}:*:*:{target.Password}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        // Inherited by all that is started here.
        foreach (var (name, value) in new[]
        {
            ("PATH", programs + ":" + Environment.GetEnvironmentVariable("PATH")), ("PGPASSFILE", file), ("PGHOST", "127.0.0.1"), ("PGUSER", LabPostgres.User),
            ("PGPORT", Text(source.Port)), ("WA_FROM", Text(source.Port)), ("WA_TO", Text(target.Port)), ("WA_FROM_WORD", source.Password), ("WA_TO_WORD", target.Password), ("WA_FOLDER", folder),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    internal int Peak => module.Peak;

    internal async Task SeedAsync(string database, double share, CancellationToken cancellation)
    {
        await ExecuteAsync(source, "postgres", $"CREATE DATABASE \"{database}\"", cancellation);
        var (messages, receipts, sessions) = ((long)(1_500_000 * share), (long)(3_000_000 * share), (long)(60_000 * share));
        await ExecuteAsync(
            source,
            database,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                CREATE TABLE messages (id bigserial PRIMARY KEY, message_id text NOT NULL UNIQUE, contact text NOT NULL, shard int NOT NULL, direction smallint NOT NULL, created timestamptz NOT NULL, status smallint NOT NULL, body bytea, payload text);
                INSERT INTO messages (message_id, contact, shard, direction, created, status, body, payload) SELECT 'gBEGkYiEB1VX' || md5(n::text), '4915' || (n * 7919 % 400000 + 10000000), n % 32, n % 2, '2023-01-01'::timestamptz + n * interval '7 s', n % 5, decode(md5(n::text || 'a') || md5(n::text || 'b') || md5(n::text || 'c') || md5(n::text || 'd'), 'hex'), 'Your order ' || n || ' is on its way. ' || repeat('Text ', (n % 20)::int) FROM generate_series(1::bigint, {messages}) n;
                CREATE INDEX ON messages (contact, created); CREATE INDEX ON messages (status) WHERE status < 2; CREATE INDEX ON messages (created);
                CREATE TABLE receipts (id bigserial PRIMARY KEY, message_id text NOT NULL, kind smallint NOT NULL, at timestamptz NOT NULL, contact text NOT NULL);
                INSERT INTO receipts (message_id, kind, at, contact) SELECT 'gBEGkYiEB1VX' || md5((n / 2)::text), n % 3, '2023-01-01'::timestamptz + n * interval '3 s', '4915' || (n * 7919 % 400000 + 10000000) FROM generate_series(1::bigint, {receipts}) n;
                CREATE INDEX ON receipts (message_id);
                CREATE TABLE sessions (contact text, device int, record bytea, PRIMARY KEY (contact, device));
                INSERT INTO sessions SELECT '4915' || n, n % 3, decode(repeat(md5(n::text), 30), 'hex') FROM generate_series(1::bigint, {sessions}) n;
                """),
            cancellation);
        await ExecuteAsync(source, database, "VACUUM ANALYZE", cancellation);
    }

    /// <summary>One hundredth of the messages: half of them in one place, half spread.</summary>
    internal Task ChangeAsync(string database, int round, CancellationToken cancellation) => ExecuteAsync(
        source,
        database,
        string.Create(CultureInfo.InvariantCulture, $"UPDATE messages SET status = status + 1 WHERE id % 200 = {round} OR id BETWEEN (SELECT max(id) / 2 FROM messages) AND (SELECT max(id) / 2 + max(id) / 200 FROM messages)"),
        cancellation);

    /// <summary>Milliseconds that a command of the shell takes; the target's database goes first.</summary>
    internal async Task<double> ShellAsync(string? fresh, string command, CancellationToken cancellation)
    {
        await ClearAsync(fresh, cancellation);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("sh", ["-ec", command]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}.");
    }

    /// <summary>Milliseconds that a line of the module takes, in a fresh process, start and import left out.</summary>
    internal async Task<double> ModuleAsync(string? fresh, string line, CancellationToken cancellation)
    {
        await ClearAsync(fresh, cancellation);
        if (Directory.Exists(Path.Combine(folder, "a")))
        {
            Directory.Delete(Path.Combine(folder, "a"), recursive: true);
        }

        return await module.TimeAsync(line, cancellation);
    }

    internal long Size(string name) => new DirectoryInfo(Path.Combine(folder, name)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task ExecuteAsync(LabPostgres server, string database, string statement, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database) + ";Command Timeout=0");
        await connection.OpenAsync(cancellation);
#pragma warning disable CA2100 // The benchmark's own text.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task ClearAsync(string? database, CancellationToken cancellation)
    {
        if (database is not null)
        {
            await ExecuteAsync(target, "postgres", $"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", cancellation);
        }

        await ExecuteAsync(target, "postgres", "CHECKPOINT", cancellation);
    }
}
