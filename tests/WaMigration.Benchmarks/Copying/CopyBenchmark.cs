using System.Diagnostics;
using System.Globalization;
using WaLab.Servers;

namespace WaMigration.Benchmarks.Copying;

/// <summary>
/// Copies, exports and imports a database like the client's, beside what the servers' own tools and pgcopydb need for the
/// same, in turns. Medians of three. The first argument is the share of the full size, which is 1 GB; --engine mariadb|mysql
/// does the same there.
/// </summary>
internal static class CopyBenchmark
{
    private const int Rounds = 3;
    private const string Database = "bench_messageStore";
    private const string Servers = "-DatabaseServer 127.0.0.1 -DatabasePort $env:WA_FROM -DatabaseCredential $from -DatabaseSslMode Disable -NamePrefix bench_ -DestinationServer 127.0.0.1 -DestinationPort $env:WA_TO -DestinationCredential $to -DestinationSslMode Disable";

    internal static async Task<bool> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var (share, engine, rounds) = BenchmarkOptions.Parse(arguments, Rounds);
        if (engine != LabDatabaseEngine.PostgreSql)
        {
            return await MySqlCopyBenchmark.RunAsync(engine, share, rounds, cancellation);
        }

        await using var source = await LabPostgres.StartStockAsync(cancellation);
        await using var target = await LabPostgres.StartStockAsync(cancellation);
        var binaries = await PostgresBinaries.EnsureAsync(_ => { }, cancellation);
        var folder = Directory.CreateTempSubdirectory("wamigration-benchmark-");
        try
        {
            var bench = new CopyBench(source, target, binaries.Folder, folder.FullName);
            await bench.SeedAsync(Database, share, cancellation);
            return await MeasureAsync(bench, rounds, await PgCopyDb.EnsureAsync(cancellation), cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(CopyBench bench, int rounds, (string Program, string Libraries)? other, CancellationToken cancellation)
    {
        var pipe = new Series("pg_dump | psql");
        var unverified = new Series("Copy-WaDatabase -SkipVerify");
        var verified = new Series("Copy-WaDatabase");
        var update = new Series("Copy-WaDatabase -Update, 1 % changed");
        var digest = new Series("Compare-WaDatabase, both sides");
        var folders = new Series("pg_dump -Fd -j2, pg_restore -j2");
        var archive = new Series("Export and Import");
        var pgcopydb = new Series("pgcopydb, 2 jobs");
        for (var round = 0; round < rounds; round++)
        {
            pipe.Add(await bench.ShellAsync(Database, $"createdb -h 127.0.0.1 -p $WA_TO -T template0 {Database} && pg_dump {Database} | psql -q -p $WA_TO -d {Database} >/dev/null", cancellation));
            unverified.Add(await bench.ModuleAsync(Database, $"Copy-WaDatabase {Servers} -SkipVerify", cancellation));
            verified.Add(await bench.ModuleAsync(Database, $"Copy-WaDatabase {Servers}", cancellation));
            digest.Add(await bench.ModuleAsync(null, $"Compare-WaDatabase {Servers}", cancellation));
            await bench.ChangeAsync(Database, round, cancellation);
            update.Add(await bench.ModuleAsync(null, $"Copy-WaDatabase {Servers} -Update", cancellation));
            folders.Add(await bench.ShellAsync(Database, $"rm -rf d && createdb -p $WA_TO -T template0 {Database} && pg_dump -Fd -j2 -f d {Database} && pg_restore -j2 -p $WA_TO -d {Database} d", cancellation));
            archive.Add(await bench.ModuleAsync(
                Database,
                "Export-WaDatabase -DatabaseServer 127.0.0.1 -DatabasePort $env:WA_FROM -DatabaseCredential $from -DatabaseSslMode Disable -NamePrefix bench_ -Path $env:WA_FOLDER/a | Import-WaDatabase -DatabaseServer 127.0.0.1 -DatabasePort $env:WA_TO -DatabaseCredential $to -DatabaseSslMode Disable -NamePrefix bench_",
                cancellation));
            if (other is { } program)
            {
                pgcopydb.Add(await bench.ShellAsync(Database, $"createdb -p $WA_TO -T template0 {Database} && rm -rf p && LD_LIBRARY_PATH={program.Libraries} {program.Program} clone --dir p --table-jobs 2 --index-jobs 2 --source \"port=$PGPORT host=127.0.0.1 user=postgres dbname={Database}\" --target \"port=$WA_TO host=127.0.0.1 user=postgres dbname={Database}\" >/dev/null 2>&1", cancellation));
            }
        }

        ResultTable.Print([pipe, unverified, verified, digest, update, folders, archive, .. other is null ? Array.Empty<Series>() : [pgcopydb]]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The module's process had at most {bench.Peak} MB."));
        Console.WriteLine("Archive: " + bench.Size("a") + " bytes; pg_dump -Fd: " + bench.Size("d") + " bytes.");
        var goals = new List<(string Name, double Ratio, double Goal)>
        {
            ("unverified to pg_dump | psql", unverified.Median / pipe.Median, 0.80),
            ("verified to pg_dump | psql", verified.Median / pipe.Median, 1.0),
            ("archive to pg_dump -Fd", archive.Median / folders.Median, 0.77),
            ("update to the first copy", update.Median / verified.Median, 0.2),
            ("digest of one side to the copy", digest.Median / 2 / verified.Median, 0.1),
        };
        if (other is not null)
        {
            goals.Add(("unverified to pgcopydb", unverified.Median / pgcopydb.Median, 0.75));
        }
        else
        {
            Console.WriteLine("pgcopydb is not on this machine.");
        }

        foreach (var (name, ratio, goal) in goals)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {ratio:F2} (goal: at most {goal:F2}, {(ratio <= goal ? "reached" : "missed")})"));
        }

        return goals.All(one => one.Ratio <= one.Goal);
    }
}
