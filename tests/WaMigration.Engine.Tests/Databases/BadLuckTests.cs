using Npgsql;
using WaLab.Servers;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Containers;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>What goes wrong in the middle of a copy: each has its own error, nothing is half done, the same command goes on.</summary>
public sealed class BadLuckTests
{
    private static readonly string[] Filled =
    [
        "CREATE TABLE a (id int PRIMARY KEY, v text)",
        "INSERT INTO a SELECT n, repeat(md5(n::text), 60) FROM generate_series(1, 60000) n",
        "CREATE TABLE b AS SELECT * FROM a WHERE id < 1000",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_cut_in_the_middle_of_a_chunk_leaves_nothing_of_it()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        var running = lab.CopyAsync();
        await StreamingAsync(lab, running);
        await lab.TargetAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{lab.Database}' AND query LIKE 'COPY%'");

        var error = await Assert.ThrowsAsync<WaException>(() => running);

        Assert.Equal("DatabaseConnectionLost", error.ErrorId);
        Assert.Equal(0, await lab.RowsBesideTheLedgerAsync("a"));
        await lab.CopyAsync();
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task Rows_that_the_target_does_not_take_are_not_waited_for_for_ever()
    {
        await using var lab = await CopyLab.StartAsync([.. Filled, "CREATE TABLE c AS SELECT * FROM a", "CREATE TABLE small AS SELECT 1 AS id"]);
        var running = DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target), new CopyOptions { ThrottleLimit = 2 }, _ => { }, lab.Console.Operation(time: new ScaledTime(100)));
        await StreamingAsync(lab, running);
        await using (var other = new NpgsqlConnection(lab.Target.ConnectionString(lab.Database)))
        {
            // The smallest table comes last.
            await other.OpenAsync(Cancellation);
            await using var own = await other.BeginTransactionAsync(Cancellation);
            await using var command = new NpgsqlCommand("LOCK TABLE small IN ACCESS EXCLUSIVE MODE", other);
            await command.ExecuteNonQueryAsync(Cancellation);

            var error = await Assert.ThrowsAsync<WaException>(() => running);

            Assert.Equal("DatabaseConnectionLost", error.ErrorId);
            Assert.Contains("300", error.Message, StringComparison.Ordinal);
            Assert.Contains("small", error.Target, StringComparison.Ordinal);
        }

        await lab.CopyAsync();
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task A_full_disk_stops_an_export_which_goes_on_when_there_is_room()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        await using var disk = await SmallDisk.MountAsync(1, "root");
        var path = Path.Combine(disk.Path, "archive");

        var error = await Assert.ThrowsAsync<WaException>(() => ExportAsync(lab, path));

        Assert.Equal("ArchiveWriteFailed", error.ErrorId);
        Assert.False(File.Exists(Path.Combine(path, "manifest.json")));
        await disk.GrowAsync(200);
        await ExportAsync(lab, path);
        await ArchiveReader.TestAsync(path, null, lab.Console.Operation());
    }

    [Fact]
    public async Task A_full_disk_of_the_target_is_named_and_the_copy_goes_on_when_there_is_room()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        await using var disk = await SmallDisk.MountAsync(16, "postgres");
        var place = lab.Prefix.TrimEnd('_');
        await lab.TargetAsync("postgres", $"CREATE TABLESPACE {place} LOCATION '{disk.Path}'");
        try
        {
            await lab.TargetAsync("postgres", $"CREATE DATABASE \"{lab.Database}\" TEMPLATE template0 TABLESPACE {place}");

            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

            Assert.Equal("DatabaseDiskFull", error.ErrorId);
            Assert.Contains(lab.Database, error.Target, StringComparison.Ordinal);
            Assert.Equal(0, await lab.RowsBesideTheLedgerAsync("a"));
            await disk.GrowAsync(400);
            await lab.CopyAsync();
            Assert.Empty(await lab.DifferencesAsync());
        }
        finally
        {
            await lab.TargetAsync("postgres", $"DROP DATABASE IF EXISTS \"{lab.Database}\" WITH (FORCE)");
            await lab.TargetAsync("postgres", $"DROP TABLESPACE {place}");
        }
    }

    [Theory]
    [InlineData("DROP TABLE b")]
    [InlineData("TRUNCATE a")]
    [InlineData("ALTER TABLE b ALTER COLUMN id TYPE bigint")]
    public async Task No_table_goes_or_changes_its_form_while_it_is_copied(string change)
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        var running = lab.CopyAsync(new CopyOptions { AllowActiveClient = true });
        await StreamingAsync(lab, running);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => lab.SourceAsync("SET lock_timeout = '100ms'; " + change));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        Assert.All(await running, table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task A_table_that_somebody_has_for_himself_is_not_waited_for_for_ever()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        await using var other = new NpgsqlConnection(lab.Source.ConnectionString(lab.Database));
        await other.OpenAsync(Cancellation);
        await using var own = await other.BeginTransactionAsync(Cancellation);
        await using (var command = new NpgsqlCommand("LOCK TABLE b IN ACCESS EXCLUSIVE MODE", other))
        {
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(new CopyOptions { AllowActiveClient = true }));

        Assert.Equal("DatabaseLockNotHad", error.ErrorId);
        Assert.False(await lab.TargetExistsAsync());
    }

    [Fact]
    public async Task All_databases_are_of_one_moment_although_the_client_writes()
    {
        await using var lab = await CopyLab.StartAsync("CREATE TABLE n (v int)", "INSERT INTO n VALUES (0)");
        var second = lab.Prefix + "contactStore";
        await lab.SourceAsync("postgres", $"CREATE DATABASE \"{second}\" TEMPLATE \"{lab.Database}\"");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        // One after the other, so that at any moment the second is equal or one behind.
        var client = Task.Run(
            async () =>
            {
                await using var one = new NpgsqlConnection(lab.Source.ConnectionString(lab.Database));
                await using var two = new NpgsqlConnection(lab.Source.ConnectionString(second));
                await one.OpenAsync(Cancellation);
                await two.OpenAsync(Cancellation);
                while (!stop.IsCancellationRequested)
                {
                    foreach (var connection in new[] { one, two })
                    {
                        await using var command = new NpgsqlCommand("UPDATE n SET v = v + 1", connection);
                        await command.ExecuteNonQueryAsync(Cancellation);
                    }
                }
            },
            Cancellation);
        try
        {
            for (var round = 0; round < 3; round++)
            {
                await lab.CopyAsync(new CopyOptions { AllowActiveClient = true });

                var behind = await lab.AskTargetAsync<int>(lab.Database, "SELECT v FROM n") - await lab.AskTargetAsync<int>(second, "SELECT v FROM n");
                Assert.InRange(behind, 0, 1);
                await lab.TargetAsync("postgres", $"DROP DATABASE \"{lab.Database}\" WITH (FORCE)");
                await lab.TargetAsync("postgres", $"DROP DATABASE \"{second}\" WITH (FORCE)");
            }

            await lab.ExportAsync("archive", options: new CopyOptions { AllowActiveClient = true });
            Assert.Contains("\"consistency\": \"one moment\"", await File.ReadAllTextAsync(Path.Combine(lab.Folder.File("archive"), "manifest.json"), Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            await stop.CancelAsync();
            await client;
            await lab.SourceAsync("postgres", $"DROP DATABASE \"{second}\" WITH (FORCE)");
            await lab.TargetAsync("postgres", $"DROP DATABASE IF EXISTS \"{second}\" WITH (FORCE)");
        }
    }

    [Fact]
    public async Task Keys_under_a_collation_of_another_version_are_built_anew()
    {
        await using var lab = await CopyLab.StartAsync(
            "CREATE COLLATION old (provider = icu, locale = 'de-DE', version = '1.2')",
            "CREATE TABLE t (k text COLLATE old PRIMARY KEY, v int)",
            "INSERT INTO t SELECT chr(200 + n % 60) || md5(n::text), n FROM generate_series(1, 3000) n");

        await lab.CopyAsync();
        await lab.SourceAsync("UPDATE t SET k = 'ß' || k WHERE v % 50 = 0");
        await lab.CopyAsync(new CopyOptions { Update = true });

        Assert.Empty(await lab.DifferencesAsync());
        Assert.True(await lab.AskTargetAsync<bool>(lab.Database, "SELECT collversion = pg_collation_actual_version(oid) FROM pg_collation WHERE collname = 'old'"));
    }

    [Fact]
    public async Task Two_copies_at_once_do_not_disturb_each_other()
    {
        await using var one = await CopyLab.StartAsync(Filled);
        await using var two = await CopyLab.StartAsync(Filled);

        await Task.WhenAll(one.CopyAsync(), two.CopyAsync());

        Assert.Empty(await one.DifferencesAsync());
        Assert.Empty(await two.DifferencesAsync());
    }

    /// <summary>Until a chunk is on its way into the target.</summary>
    private static async Task StreamingAsync(CopyLab lab, Task running)
    {
        while (await lab.AskTargetAsync<long>("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{lab.Database}' AND query LIKE 'COPY%' AND state = 'active'") == 0)
        {
            Assert.False(running.IsCompleted, "The copy was done before it was seen.");
            await Task.Delay(5, Cancellation);
        }
    }

    private static Task<WaDatabaseArchive?> ExportAsync(CopyLab lab, string path) => ArchiveExporter.RunAsync(lab.Describe(lab.Source), path, null, 1, new CopyOptions(), lab.Console.Operation());
}
