using System.Diagnostics;
using WaLab.Servers;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>Databases go by the engines' own dump tools; what those lose is named, and a part of a dump never passes for all.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlUtilityTests
{
    private static readonly string[] Plain =
    [
        "CREATE TABLE a (id int PRIMARY KEY AUTO_INCREMENT, v varchar(40) NOT NULL, b blob, n int AS (LENGTH(v)) VIRTUAL, KEY (v))",
        "INSERT INTO a (v, b) VALUES ('ü日本😀', x'00ff27225c0a0d1a'), ('a\\\\b''c', NULL)",
        "INSERT INTO a (v) SELECT CONCAT(REPEAT('x', 30), x.id, y.id) FROM a x, a y, a z, a u, a v, a w",
        "CREATE VIEW seen AS SELECT v FROM a",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.v = TRIM(NEW.v); END",
        "CREATE PROCEDURE p() BEGIN SELECT COUNT(*) FROM a; END",
    ];

    public static TheoryData<WaDatabaseEngine> Engines => MySqlMuseumTests.Engines;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_the_tools_lose_of_the_museum_is_named(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);
        var options = await OptionsAsync(lab);

        var lost = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options));

        Assert.Equal(("UtilityLostData", $"127.0.0.1:{lab.Target.Port}/{lab.Database}"), (lost.ErrorId, lost.Target));
        string[] histories = engine == WaDatabaseEngine.MariaDb ? ["`named_period`: 2 rows on the source, 1 on the target", "`remembers`: 3 rows on the source, 1 on the target"] : [];
        Assert.Equal(
            [
                .. histories.Take(1),
                "`numbers`: as many rows, other values in `f` float",
                .. histories.Skip(1),
                "`texts`: as many rows, other values in `e` enum('a','','ü','x,y') character set latin1 collate latin1_swedish_ci",
                "`times`: as many rows, other values in `d` date, `dt` datetime",
            ],
            lost.Evidence.Order(StringComparer.Ordinal));

        // The servers themselves say that it is so.
        Assert.NotEqual(
            await lab.Source.ValueAsync(lab.Database, "SELECT GROUP_CONCAT(f * 1e0 ORDER BY k) FROM numbers"),
            await lab.Target.ValueAsync(lab.Database, "SELECT GROUP_CONCAT(f * 1e0 ORDER BY k) FROM numbers"));

        // The same command says it again; the module's own way does not go on with what another began.
        Assert.Equal("UtilityLostData", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options))).ErrorId);
        Assert.Equal("LedgerOfAnotherRun", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync())).ErrorId);
        Assert.All(await lab.CopyAsync(options with { SkipVerify = true }), table => Assert.Equal(WaTableState.Copied, table.State));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Copies_and_archives_by_the_tools_are_whole_and_no_password_is_seen(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Plain);
        var options = await OptionsAsync(lab);
        var (dumper, restorer) = Names(engine);

        // A plan writes nothing; what cannot be asked of the tools is refused before anything is written.
        await lab.CopyAsync(options, planOnly: true);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("what if: ", StringComparison.Ordinal) && line.Contains(dumper, StringComparison.Ordinal));
        Assert.Equal("UtilityCannot", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options with { Update = true }))).ErrorId);
        Assert.Equal("UtilityMissing", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options with { UtilityFolder = lab.Folder.Path }))).ErrorId);
        Assert.False(await lab.TargetExistsAsync());

        // A dump that is cut off is not taken for all, whatever of it was restored; the same command makes it whole.
        UtilityTools.Stand(options.UtilityFolder!, dumper, "\"$real\" \"$@\" | head -c 2500; echo \"cut off, and it says $MYSQL_PWD\" >&2; exit 3");
        var cut = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options));
        Assert.Equal("UtilityFailed", cut.ErrorId);
        Assert.Contains(cut.Evidence, line => line.StartsWith("cut off", StringComparison.Ordinal));

        // What the tools were called with.
        var seen = lab.Folder.File("seen");
        var look = $"echo \"$@\" >> '{seen}'; env >> '{seen}'; f=${{1#--defaults-file=}}; echo \"file $f $(stat -c %a \"$f\")\" >> '{seen}'; exec \"$real\" \"$@\"";
        UtilityTools.Stand(options.UtilityFolder!, dumper, look);
        UtilityTools.Stand(options.UtilityFolder!, restorer, look);
        Assert.All(await lab.CopyAsync(options), table => Assert.Equal(WaTableState.Verified, table.State));
        await lab.RequireEqualAsync();
        Assert.Empty(await lab.DifferencesAsync());
        var calls = await File.ReadAllTextAsync(seen, Cancellation);
        Assert.DoesNotContain(lab.Source.Password, calls, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Target.Password, calls, StringComparison.Ordinal);
        var files = calls.Split('\n').Where(line => line.StartsWith("file ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        Assert.Equal(2, files.Count);
        Assert.All(files, file => Assert.Equal(("600", false), (file[2], File.Exists(file[1]))));
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("progress: ", StringComparison.Ordinal));

        // Through an archive, encrypted.
        await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");
        var archive = await lab.ExportAsync("archive", "a password", options);
        Assert.Equal((true, lab.Database), (archive.IsEncrypted, Assert.Single(archive.Databases)));
        Assert.True(File.Exists(Path.Combine(archive.Path, "d01", "dump.zst.enc")));
        var refused = await Assert.ThrowsAsync<WaException>(() => lab.ImportAsync("archive", "a password", options with { Method = WaCopyMethod.Module }));
        Assert.Equal("ArchiveOfOtherMethod", refused.ErrorId);
        Assert.All(await lab.ImportAsync("archive", "a password", options with { Method = null }), table => Assert.Equal(WaTableState.Verified, table.State));
        await lab.RequireEqualAsync();
        Assert.Equal(archive.Rows, (await ArchiveReader.TestAsync(archive.Path, "a password", lab.Console.Operation())).Rows);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_tool_that_hangs_ends_with_the_command(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Plain);
        var options = await OptionsAsync(lab);
        UtilityTools.Stand(options.UtilityFolder!, Names(engine).Dumper, $"echo $$ > '{lab.Folder.File("pid")}'; exec sleep 600");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var copy = DatabaseCopier.RunAsync(lab.Source.Describe(lab.Prefix), lab.Target.Describe(lab.Prefix), options, _ => { }, new Operation(lab.Console, false, stop.Token));
        while (!File.Exists(lab.Folder.File("pid")) || new FileInfo(lab.Folder.File("pid")).Length == 0)
        {
            await Task.Delay(20, Cancellation);
        }

        var watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copy);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), watch.Elapsed.ToString());
        Assert.False(Directory.Exists("/proc/" + (await File.ReadAllTextAsync(lab.Folder.File("pid"), Cancellation)).Trim()), "The tool runs on.");
    }

    private static (string Dumper, string Restorer) Names(WaDatabaseEngine engine) => engine == WaDatabaseEngine.MariaDb ? ("mariadb-dump", "mariadb") : ("mysqldump", "mysql");

    private static async Task<CopyOptions> OptionsAsync(MySqlCopyLab lab)
    {
        var tools = lab.Folder.File("tools");
        await LabServers.OrSkip(async () =>
        {
            if (lab.Source.Engine == WaDatabaseEngine.MariaDb)
            {
                await MariaDbTools.PublishAsync(tools, Cancellation);
            }
            else
            {
                (await MySqlBinaries.EnsureAsync(_ => { }, Cancellation)).Publish(tools, "bin/mysqldump", "bin/mysql");
            }

            return true;
        });
        return new CopyOptions { Method = WaCopyMethod.Utility, UtilityFolder = tools };
    }
}
