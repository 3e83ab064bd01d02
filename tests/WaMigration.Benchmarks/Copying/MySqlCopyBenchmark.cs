using System.Globalization;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Copying;

/// <summary>
/// Copies, exports and imports a database like the client's on MariaDB or MySQL, beside what their own tools and mydumper need
/// for the same, in turns; medians of three. Then who keeps what: the tests' database of all kinds of values, by each way.
/// </summary>
internal static class MySqlCopyBenchmark
{
    private const string Database = "bench_messageStore";
    private const string Museum = "bench_museum";

    internal static async Task<bool> RunAsync(LabDatabaseEngine engine, double share, int rounds, CancellationToken cancellation)
    {
        await using var source = await StockServers.StartAsync(engine, cancellation);
        await using var target = await StockServers.StartAsync(engine, cancellation);
        var folder = Directory.CreateTempSubdirectory("wamigration-benchmark-");
        try
        {
            var tools = Path.Combine(folder.FullName, "tools");
            if (engine == LabDatabaseEngine.MariaDb)
            {
                await MariaDbTools.PublishAsync(tools, cancellation);
            }
            else
            {
                (await MySqlBinaries.EnsureAsync(_ => { }, cancellation)).Publish(tools, "bin/mysqldump", "bin/mysql");
            }

            var bench = new MySqlCopyBench(source, target, tools, folder.FullName);
            await bench.SeedAsync(Database, share, cancellation);
            var isReached = await MeasureAsync(bench, engine, rounds, cancellation);
            await bench.SeedMuseumAsync(Museum, cancellation, "Museum.sql", $"Museum.{engine}.sql");
            await CompareAsync(bench, engine, cancellation);
            return isReached;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Pipe(LabDatabaseEngine engine, string database) => engine == LabDatabaseEngine.MariaDb
        ? $"mariadb-dump --defaults-file=from.cnf --single-transaction --quick --routines --events --triggers --hex-blob {database} | mariadb --defaults-file=to.cnf {database}"
        : $"mysqldump --defaults-file=from.cnf --single-transaction --quick --routines --events --triggers --hex-blob --no-tablespaces --set-gtid-purged=OFF {database} | mysql --defaults-file=to.cnf {database}";

    private static string Dumper(string database, string more) =>
        $"rm -rf d && mydumper --defaults-file=from.cnf -v 1 -B {database} -t 2 -R -E -G {more} -o d && myloader --defaults-file=to.cnf -v 1 -s {database} -B {database} -t 2 -o -d d";

    private static string Source(LabDatabaseEngine engine) => $"-DatabaseEngine {engine} -DatabaseServer 127.0.0.1 -DatabasePort $env:WA_FROM -DatabaseCredential $from -NamePrefix bench_";

    private static string Both(LabDatabaseEngine engine) => Source(engine) + " -DestinationServer 127.0.0.1 -DestinationPort $env:WA_TO -DestinationCredential $to";

    private static async Task<bool> MeasureAsync(MySqlCopyBench bench, LabDatabaseEngine engine, int rounds, CancellationToken cancellation)
    {
        var isMariaDb = engine == LabDatabaseEngine.MariaDb;
        var pipe = new Series(isMariaDb ? "mariadb-dump | mariadb" : "mysqldump | mysql");
        var mydumper = new Series("mydumper, myloader, 2 threads");
        var packed = new Series("the same, compressed");
        var unverified = new Series("Copy-WaDatabase -SkipVerify");
        var verified = new Series("Copy-WaDatabase");
        var update = new Series("Copy-WaDatabase -Update, 1 % changed");
        var digest = new Series("Compare-WaDatabase, both sides");
        var archive = new Series("Export and Import");
        for (var round = 0; round < rounds; round++)
        {
            pipe.Add(await bench.ShellAsync(Database, Pipe(engine, Database), cancellation));
            unverified.Add(await bench.ModuleAsync(Database, $"Copy-WaDatabase {Both(engine)} -SkipVerify", cancellation));
            verified.Add(await bench.ModuleAsync(Database, $"Copy-WaDatabase {Both(engine)}", cancellation));
            digest.Add(await bench.ModuleAsync(null, $"Compare-WaDatabase {Both(engine)}", cancellation));
            await bench.ChangeAsync(Database, round, cancellation);
            update.Add(await bench.ModuleAsync(null, $"Copy-WaDatabase {Both(engine)} -Update", cancellation));
            archive.Add(await bench.ModuleAsync(
                Database,
                $"Export-WaDatabase {Source(engine)} -Path $env:WA_FOLDER/a | Import-WaDatabase -DatabaseEngine {engine} -DatabaseServer 127.0.0.1 -DatabasePort $env:WA_TO -DatabaseCredential $to -NamePrefix bench_",
                cancellation));
            if (isMariaDb)
            {
                mydumper.Add(await bench.ShellAsync(Database, Dumper(Database, string.Empty), cancellation));
                packed.Add(await bench.ShellAsync(Database, Dumper(Database, "-c"), cancellation));
            }
        }

        ResultTable.Print([pipe, unverified, verified, digest, update, archive, .. isMariaDb ? new[] { mydumper, packed } : []]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The module's process had at most {bench.Peak} MB."));
        var goals = new List<(string Name, double Ratio, double Goal)>
        {
            ($"verified to {pipe.Name}", verified.Median / pipe.Median, isMariaDb ? 0.43 : 0.5),
            ("update to the first copy", update.Median / verified.Median, 0.2),
            ("digest of one side to the copy", digest.Median / 2 / verified.Median, 0.1),
        };
        if (isMariaDb)
        {
            goals.AddRange(
            [
                ($"unverified to {pipe.Name}", unverified.Median / pipe.Median, 0.37),
                ("unverified to mydumper", unverified.Median / mydumper.Median, 0.74),
                ("verified to mydumper", verified.Median / mydumper.Median, 0.83),
                ("archive to mydumper, compressed", archive.Median / packed.Median, 0.8),
            ]);
        }

        foreach (var (name, ratio, goal) in goals)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {ratio:F2} (goal: at most {goal:F2}, {(ratio <= goal ? "reached" : "missed")})"));
        }

        return goals.All(one => one.Ratio <= one.Goal);
    }

    /// <summary>The museum by each way, and what the module's comparison finds afterwards; where a tool gives up, what it said stands above.</summary>
    private static async Task CompareAsync(MySqlCopyBench bench, LabDatabaseEngine engine, CancellationToken cancellation)
    {
        Console.WriteLine();
        Console.WriteLine("Who keeps what, of a database with every kind of object and value:");
        var ways = new List<(string Name, Func<Task<double>> Run)>
        {
            ("Copy-WaDatabase", () => bench.ModuleAsync(Museum, $"Copy-WaDatabase {Both(engine)} -Database {Museum}", cancellation)),
            (engine == LabDatabaseEngine.MariaDb ? "mariadb-dump | mariadb" : "mysqldump | mysql", () => bench.ShellAsync(Museum, Pipe(engine, Museum), cancellation)),
        };
        if (engine == LabDatabaseEngine.MariaDb)
        {
            ways.Add(("mydumper, myloader", () => bench.ShellAsync(Museum, Dumper(Museum, string.Empty), cancellation)));
        }

        foreach (var (name, run) in ways)
        {
            Console.WriteLine(name);
            try
            {
                await run();
            }
            catch (InvalidOperationException failed)
            {
                Console.WriteLine("  did not come to its end: " + failed.Message.Split('\n')[0]);
            }

            var lost = await bench.AskAsync($"Compare-WaDatabase {Both(engine)} -Database {Museum} | ForEach-Object {{ if (-not $_.IsEqual) {{ '  ' + $_.Kind + ' ' + $_.Name + ': ' + $_.Detail }} }}", cancellation);
            Console.WriteLine(lost.Count == 0 ? "  keeps all of it" : string.Create(CultureInfo.InvariantCulture, $"  differs at {lost.Count} places:"));
            foreach (var line in lost.Take(12))
            {
                Console.WriteLine("    " + (line.Length > 160 ? line[..160] + " ..." : line));
            }
        }
    }
}
