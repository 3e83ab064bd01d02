using System.Diagnostics;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>A copy that was stopped leaves nothing half done, and goes on with the same command.</summary>
public sealed class InterruptedCopyTests
{
    private static readonly string[] Filled =
    [
        "CREATE TABLE a (id int PRIMARY KEY, v text NOT NULL UNIQUE, w text)",
        "INSERT INTO a SELECT n, md5(n::text), repeat(md5(n::text), 8) FROM generate_series(1, 120000) n",
        "CREATE INDEX ON a (w)",
        "CREATE TABLE b AS SELECT id AS a, w FROM a WHERE id % 3 = 0",
        "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a",
    ];

    [Fact]
    public async Task Stopped_at_any_moment_it_leaves_no_session_and_goes_on()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        var random = new Random(4);
        for (var round = 0; round < 6; round++)
        {
            using var stop = new CancellationTokenSource();
            var running = DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target), new CopyOptions(), _ => { }, new Operation(lab.Console, false, stop.Token));
            await Task.WhenAny(running, Task.Delay(random.Next(300, 3000), TestContext.Current.CancellationToken));
            var watch = Stopwatch.StartNew();
            await stop.CancelAsync();
            try
            {
                await running;
                break;
            }
            catch (OperationCanceledException)
            {
                Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            }

            await NoSessionAsync(lab);
        }

        if (!await lab.TargetExistsAsync() || await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regnamespace('_wamigration') IS NOT NULL OR to_regclass('public.a') IS NULL"))
        {
            await lab.CopyAsync();
        }

        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task Rows_that_moved_between_two_runs_are_neither_lost_nor_there_twice()
    {
        await using var lab = await CopyLab.StartAsync("CREATE TABLE a (id int, v text)", "INSERT INTO a SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 150000) n");
        using (var stop = new CancellationTokenSource())
        {
            var running = DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target), new CopyOptions { ThrottleLimit = 1 }, _ => { }, new Operation(lab.Console, false, stop.Token));
            while (!running.IsCompleted && !(await lab.TargetExistsAsync() && await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regclass('_wamigration.ledger') IS NOT NULL") && await lab.AskTargetAsync<long>(lab.Database, "SELECT count(*) FROM _wamigration.ledger WHERE kind = 'chunk'") > 0))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        await lab.SourceAsync("UPDATE a SET v = 'moved' WHERE id % 1000 = 1; DELETE FROM a WHERE id % 1000 = 2");
        await lab.CopyAsync();

        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task An_unfinished_copy_is_not_taken_by_another_command()
    {
        await using var lab = await CopyLab.StartAsync(Filled);
        using (var stop = new CancellationTokenSource())
        {
            var running = DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target), new CopyOptions(), _ => { }, new Operation(lab.Console, false, stop.Token));
            while (!running.IsCompleted && !(await lab.TargetExistsAsync() && await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regclass('_wamigration.run') IS NOT NULL")))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal("LedgerOfAnotherRun", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(new CopyOptions { ExcludeTables = ["b"] }))).ErrorId);
        await lab.SourceAsync("ALTER TABLE b ADD COLUMN more int");
        Assert.Equal("SourceObjectsChanged", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync())).ErrorId);
    }

    [Fact]
    public async Task An_export_that_is_stopped_goes_on_with_what_is_there()
    {
        await using var lab = await CopyLab.StartAsync("CREATE TABLE a (id int PRIMARY KEY, v text)", "INSERT INTO a SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 150000) n");
        var progress = Path.Combine(lab.Folder.File("archive"), "progress.jsonl");
        using (var stop = new CancellationTokenSource())
        {
            var running = ArchiveExporter.RunAsync(lab.Describe(lab.Source), lab.Folder.File("archive"), "p", 1, new CopyOptions { ThrottleLimit = 1 }, new Operation(lab.Console, false, stop.Token));
            while (!running.IsCompleted && !(File.Exists(progress) && PrivateFiles.ReadShared(progress).Length > 0))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        var first = Directory.GetFiles(lab.Folder.File("archive"), "000001.zst.enc", SearchOption.AllDirectories).Single();
        var written = File.GetLastWriteTimeUtc(first);
        Assert.Equal("ArchivePasswordWrong", (await Assert.ThrowsAsync<WaException>(() => lab.ExportAsync("archive", "q"))).ErrorId);
        await lab.ExportAsync("archive", "p");

        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        await lab.ImportAsync("archive", "p");
        Assert.Empty(await lab.DifferencesAsync());
    }

    private static async Task NoSessionAsync(CopyLab lab)
    {
        for (var wait = 0; wait < 50; wait++)
        {
            if (await lab.AskTargetAsync<long>("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{lab.Database}'") == 0)
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail("A session stayed on the target.");
    }
}
