using System.Globalization;
using WaLab.Servers;
using WaMigration.Engine.Tests.Containers;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A server of MariaDB or MySQL that is there and answers no more: nobody waits for it for ever, and the same command goes on later.</summary>
public sealed class MySqlHangingServerTests
{
    /// <summary>A clock on which the five minutes that a load may stand still are one second.</summary>
    private const double Faster = 300;

    private static readonly string[] Told = ["DatabaseConnectionLost", "DatabaseDiskFull"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_load_into_a_server_that_hangs_ends_by_itself_or_when_it_is_stopped() => CheckAsync(WaDatabaseEngine.MariaDb);

    [Fact(Explicit = true)]
    public Task A_load_into_a_MySQL_server_that_hangs_ends_by_itself_or_when_it_is_stopped() => CheckAsync(WaDatabaseEngine.MySql);

    /// <summary>
    /// These engines do not fail on a full disk: they wait for room, and look every minute. MyISAM on MariaDB 10.11 never looks
    /// again once its session was told to end, and needs a restart of the server; there is nothing to show with it.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData(WaDatabaseEngine.MariaDb, "Aria")]
    [InlineData(WaDatabaseEngine.MySql, "MyISAM")]
    public async Task An_engine_that_waits_for_room_on_a_full_disk_is_not_waited_for(WaDatabaseEngine engine, string storage)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Filled("ENGINE = " + storage));
        await using var small = await SmallServer.StartAsync(engine, megabytes: 30);
        var to = small.Server.Describe(lab.Prefix);

        var full = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(to: to, time: new ScaledTime(Faster)));

        Assert.Contains(full.ErrorId, Told);
        await small.Disk.GrowAsync(1500);

        // What was left waits up to a minute, and until then the database is refused as one that is in use.
        while ((await small.Server.AskAsync(null, "SHOW FULL PROCESSLIST")).Any(process => process[3] == lab.Database))
        {
            await Task.Delay(200, Cancellation);
        }

        Assert.All(await lab.CopyAsync(to: to), table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Equal(await lab.Source.DumpAsync(lab.Database), await small.Server.DumpAsync(lab.Database));
    }

    private static async Task CheckAsync(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartAsync(engine, Filled());
        await using var target = await FrozenServer.StartAsync(engine);
        var to = target.Server.Describe(lab.Prefix);

        using (var stop = new CancellationTokenSource())
        {
            var stopped = lab.CopyAsync(to: to, cancellation: stop.Token);
            await target.FreezeInLoadAsync(lab.Database, stopped);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
            await target.ThawAsync(lab.Database);
        }

        var left = lab.CopyAsync(to: to, time: new ScaledTime(Faster));
        await target.FreezeInLoadAsync(lab.Database, left);
        var error = await Assert.ThrowsAsync<WaException>(() => left);
        Assert.Equal("DatabaseConnectionLost", error.ErrorId);
        Assert.Contains("300", error.Message, StringComparison.Ordinal);
        await target.ThawAsync(lab.Database);

        Assert.All(await lab.CopyAsync(to: to), table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Equal(await lab.Source.DumpAsync(lab.Database), await target.Server.DumpAsync(lab.Database));
    }

    private static string[] Filled(string storage = "") =>
    [
        "CREATE TABLE b (id int PRIMARY KEY)",
        "INSERT INTO b VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
        "CREATE TABLE a (id int PRIMARY KEY, v text) " + storage,
        "INSERT INTO a SELECT n, REPEAT(SHA2(n, 256), 30) FROM (SELECT a.id + 10 * b.id + 100 * c.id + 1000 * d.id + 10000 * e.id AS n FROM b a, b, b c, b d, b e WHERE e.id < 4) x",
    ];

    /// <summary>A server of the test's own whose process stands still on demand.</summary>
    private sealed record FrozenServer(MySqlLabServer Server, int Process) : IAsyncDisposable
    {
        internal static async Task<FrozenServer> StartAsync(WaDatabaseEngine engine)
        {
            if (engine == WaDatabaseEngine.MariaDb)
            {
                var one = await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: Cancellation));
                return new(new MySqlLabServer(engine, one.Port, LabMariaDb.User, one.Password, one), one.ProcessId);
            }

            var other = await LabServers.OrSkip(() => LabMySql.StartAsync(cancellationToken: Cancellation));
            return new(new MySqlLabServer(engine, other.Port, LabMySql.User, other.Password, other), other.ProcessId);
        }

        /// <summary>Freezes it while rows are on their way into it.</summary>
        internal async Task FreezeInLoadAsync(string database, Task running)
        {
            while (!await LoadsAsync(database))
            {
                Assert.False(running.IsCompleted, "The copy was done before it was seen.");
                await Task.Delay(5, Cancellation);
            }

            await SignalAsync("STOP");
        }

        /// <summary>Lets it go on, and waits until the load that was cut is gone from it.</summary>
        internal async Task ThawAsync(string database)
        {
            await SignalAsync("CONT");
            while (await LoadsAsync(database))
            {
                await Task.Delay(20, Cancellation);
            }
        }

        private async Task<bool> LoadsAsync(string database) =>
            (await Server.AskAsync(null, "SHOW FULL PROCESSLIST")).Any(process => process[3] == database && process[7].Contains("LOAD DATA", StringComparison.Ordinal));

        private async Task SignalAsync(string signal)
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-" + signal, Process.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(CancellationToken.None);
            Assert.Equal(0, kill.ExitCode);
        }

        public async ValueTask DisposeAsync()
        {
            await SignalAsync("CONT");
            await Server.Owner.DisposeAsync();
        }
    }
}
