using WaLab.Servers;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Lab;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A server of MariaDB or MySQL is killed at seeded moments of a copy or an import; the same command then makes it whole.</summary>
public sealed class MySqlKilledServerTests
{
    private const int LongRounds = 50;

    /// <summary>The ways in which the end of a server is told; none of them is a raw exception.</summary>
    private static readonly string[] Told = ["DatabaseConnectionLost", "DatabaseUnreachable"];

    private static readonly string[] Filled =
    [
        "CREATE TABLE digits (d int PRIMARY KEY)",
        "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
        "CREATE TABLE a (id int PRIMARY KEY, v char(64) NOT NULL UNIQUE, w text, KEY (w(60)))",
        "INSERT INTO a SELECT n, SHA2(n, 256), REPEAT(SHA2(n, 256), 20) FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM digits a, digits b, digits c, digits e, digits f WHERE f.d < 8) x",
        "CREATE TABLE b (a int, w text, FOREIGN KEY (a) REFERENCES a (id))",
        "INSERT INTO b SELECT id, w FROM a WHERE id % 3 = 0",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One that was whole before its server could be killed is only compared the next time.</summary>
    private static CopyOptions Again => new() { Update = true };

    [Theory]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public Task A_copy_and_an_import_outlive_their_servers(WaDatabaseEngine engine) => CheckAsync(engine, 1, Copy(ofTarget: true), Copy(ofTarget: false), Import);

    [Theory(Explicit = true)]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public Task A_copy_outlives_its_target_fifty_times(WaDatabaseEngine engine) => CheckAsync(engine, LongRounds, Copy(ofTarget: true));

    [Theory(Explicit = true)]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public Task A_copy_outlives_its_source_fifty_times(WaDatabaseEngine engine) => CheckAsync(engine, LongRounds, Copy(ofTarget: false));

    [Theory(Explicit = true)]
    [InlineData(WaDatabaseEngine.MariaDb)]
    [InlineData(WaDatabaseEngine.MySql)]
    public Task An_import_outlives_its_target_fifty_times(WaDatabaseEngine engine) => CheckAsync(engine, LongRounds, Import);

    private static Scene Copy(bool ofTarget) => new(ofTarget, lab => lab.CopyAsync(Again));

    private static Scene Import { get; } = new(OfTarget: true, lab => lab.ImportAsync("archive", options: Again));

    private static async Task CheckAsync(WaDatabaseEngine engine, int rounds, params Scene[] scenes)
    {
        await using var source = await KilledServer.StartAsync(engine);
        await using var target = await KilledServer.StartAsync(engine);
        await using var lab = MySqlCopyLab.On(source.Server, target.Server);
        await source.Server.RunAsync(null, $"CREATE DATABASE `{lab.Database}`");
        await lab.SourceAsync(Filled);
        await lab.ExportAsync("archive");
        var random = new Random(11);
        foreach (var scene in scenes)
        {
            var victim = scene.OfTarget ? target : source;
            var killed = 0;
            for (var round = 0; round < rounds || killed == 0; round++)
            {
                Assert.True(round < rounds + 20, "Nothing was killed in time.");
                var running = scene.Command(lab);
                await Task.WhenAny(running, Task.Delay(random.Next(200, 2000), Cancellation));
                await victim.CrashAsync();
                try
                {
                    await running;
                    await victim.RestartAsync(Cancellation);
                    await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");
                }
                catch (WaException failure)
                {
                    Assert.Contains(failure.ErrorId, Told);
                    killed++;
                    await victim.RestartAsync(Cancellation);
                }
            }

            await scene.Command(lab);
            Assert.Empty(await lab.DifferencesAsync());
            Assert.Equal(await SumsAsync(lab.Source, lab.Database), await SumsAsync(lab.Target, lab.Database));
            Assert.Equal("0", await lab.Target.ValueAsync(lab.Database, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE '\\_wamigration%'"));
            await lab.Target.RunAsync(null, $"DROP DATABASE `{lab.Database}`");
        }
    }

    /// <summary>What the server itself counts of all rows.</summary>
    private static async Task<string> SumsAsync(MySqlLabServer server, string database) =>
        string.Join(", ", (await server.AskAsync(database, "CHECKSUM TABLE digits, a, b EXTENDED")).Select(row => row[1]));

    /// <summary>Which server is killed while which command runs.</summary>
    private sealed record Scene(bool OfTarget, Func<MySqlCopyLab, Task<IReadOnlyList<WaTableCopy>>> Command);

    /// <summary>A server of the test's own, whose log is written at every commit.</summary>
    private sealed record KilledServer(MySqlLabServer Server, Func<Task> CrashAsync, Func<CancellationToken, Task> RestartAsync) : IAsyncDisposable
    {
        private const string Written = "--innodb-flush-log-at-trx-commit=2";

        internal static async Task<KilledServer> StartAsync(WaDatabaseEngine engine)
        {
            if (engine == WaDatabaseEngine.MariaDb)
            {
                var one = await LabServers.OrSkip(() => LabMariaDb.StartAsync(cancellationToken: Cancellation, more: Written));
                return new(new MySqlLabServer(engine, one.Port, LabMariaDb.User, one.Password, one), one.CrashAsync, one.RestartAsync);
            }

            var other = await LabServers.OrSkip(() => LabMySql.StartAsync(cancellationToken: Cancellation, more: Written));
            return new(new MySqlLabServer(engine, other.Port, LabMySql.User, other.Password, other), other.CrashAsync, other.RestartAsync);
        }

        public ValueTask DisposeAsync() => Server.Owner.DisposeAsync();
    }
}
