using MySqlConnector;
using WaMigration.Databases;
using WaMigration.Databases.Copying;
using WaMigration.Databases.MySql;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>What goes wrong in the middle of a copy on MariaDB or MySQL: it is told by its name, and the same command goes on.</summary>
public sealed class MySqlBadLuckTests
{
    private static readonly string[] Filled =
    [
        "CREATE TABLE b (id int PRIMARY KEY)",
        "INSERT INTO b VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
        "CREATE TABLE a (id int PRIMARY KEY, v text)",
        "INSERT INTO a SELECT n, REPEAT(SHA2(n, 256), 30) FROM (SELECT a.id + 10 * b.id + 100 * c.id + 1000 * d.id + 10000 * e.id AS n FROM b a, b, b c, b d, b e WHERE e.id < 4) x",
    ];

    /// <summary>Rows that a table has beyond those of its finished chunks.</summary>
    private const string RowsBesideTheLedger = $"SELECT (SELECT COUNT(*) FROM a) - (SELECT COALESCE(SUM(row_count), 0) FROM {MySqlNames.Ledger} WHERE kind = 'chunk' AND name = '`a`')";

    private static readonly string[] Changes = ["DROP TABLE b", "TRUNCATE TABLE a", "ALTER TABLE b ADD COLUMN c int NOT NULL DEFAULT 7"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public async Task A_connection_that_is_cut_in_a_chunk_leaves_nothing_of_it(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Filled);
        var running = lab.CopyAsync();
        await lab.Target.RunAsync(null, "KILL " + await LoadingAsync(lab, running));

        var error = await Assert.ThrowsAsync<WaException>(() => running);

        Assert.Equal("DatabaseConnectionLost", error.ErrorId);
        Assert.Contains(lab.Database, error.Target, StringComparison.Ordinal);
        Assert.Equal("0", await lab.Target.ValueAsync(lab.Database, RowsBesideTheLedger));
        await lab.CopyAsync();
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Theory]
    [InlineData(WaDatabaseEngine.MariaDb, false)]
    [InlineData(WaDatabaseEngine.MariaDb, true)]
    [InlineData(WaDatabaseEngine.MySql, false)]
    [InlineData(WaDatabaseEngine.MySql, true)]
    public async Task No_table_goes_or_changes_its_form_while_it_is_copied(WaDatabaseEngine engine, bool allowActiveClient)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Filled);
        var running = lab.CopyAsync(new CopyOptions { AllowActiveClient = allowActiveClient });
        await LoadingAsync(lab, running);

        // No chunk ends, and so no copy, before all of them were tried: each takes a second to be refused.
        await using (var ledger = await lab.Target.OpenAsync(lab.Database))
        {
            await using var hold = new MySqlCommand($"LOCK TABLES {MySqlNames.Ledger} WRITE", ledger);
            await hold.ExecuteNonQueryAsync(Cancellation);
            await Task.WhenAll(Changes.Select(async change =>
            {
                var refused = await Assert.ThrowsAsync<MySqlException>(() => lab.SourceAsync("SET SESSION lock_wait_timeout = 1", change));
                Assert.Equal(MySqlErrorCode.LockWaitTimeout, refused.ErrorCode);
            }));
        }

        Assert.All(await running, table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Theory]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public async Task A_full_disk_of_the_target_is_named_and_the_same_command_goes_on_when_there_is_room(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Filled);
        await using var small = await SmallServer.StartAsync(engine, megabytes: 30);
        var to = small.Server.Describe(lab.Prefix);

        var full = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(to: to));

        Assert.Equal("DatabaseDiskFull", full.ErrorId);
        Assert.Contains($"127.0.0.1:{small.Server.Port}/{lab.Database} `a`", full.Target, StringComparison.Ordinal);
        Assert.Equal("0", await small.Server.ValueAsync(lab.Database, RowsBesideTheLedger));

        // Still no room: the same again, and still nothing half done.
        Assert.Equal("DatabaseDiskFull", (await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(to: to))).ErrorId);
        Assert.Equal("0", await small.Server.ValueAsync(lab.Database, RowsBesideTheLedger));

        await small.Disk.GrowAsync(1500);
        Assert.True((await DescribeAsync(to, lab)).IsUnfinished);
        Assert.All(await lab.CopyAsync(to: to), table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Equal(await lab.Source.DumpAsync(lab.Database), await small.Server.DumpAsync(lab.Database));
        Assert.False((await DescribeAsync(to, lab)).IsUnfinished);
    }

    private static async Task<WaDatabase> DescribeAsync(WaDatabaseServer server, MySqlCopyLab lab)
    {
        var found = new List<WaDatabase>();
        await DatabaseInventory.ListAsync(server, [lab.Database], found.Add, lab.Console.Operation());
        return Assert.Single(found);
    }

    /// <summary>The session on the target into which rows are on their way.</summary>
    private static async Task<string> LoadingAsync(MySqlCopyLab lab, Task running)
    {
        while (true)
        {
            var found = await lab.Target.AskAsync(null, $"SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{lab.Database}' AND info LIKE 'LOAD DATA%'");
            if (found.Count > 0)
            {
                return found[0][0];
            }

            Assert.False(running.IsCompleted, "The copy was done before it was seen.");
            await Task.Delay(5, Cancellation);
        }
    }
}
