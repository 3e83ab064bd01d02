using WaLab.Servers;
using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>A server is killed at seeded moments of a copy or an import; the same command then makes it whole.</summary>
public sealed class KilledServerTests
{
    private const int Rounds = 5;
    private const int LongRounds = 50;

    /// <summary>The ways in which the end of a server is told; none of them is a raw exception.</summary>
    private static readonly string[] Told = ["DatabaseConnectionLost", "DatabaseUnreachable"];

    private static readonly string[] Filled =
    [
        "CREATE TABLE a (id int PRIMARY KEY, v text NOT NULL UNIQUE, w text)",
        "INSERT INTO a SELECT n, md5(n::text), repeat(md5(n::text), 40) FROM generate_series(1, 160000) n",
        "CREATE INDEX ON a (w)",
        "CREATE TABLE b AS SELECT id AS a, w FROM a WHERE id % 3 = 0",
        "ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_copy_outlives_its_target() => CheckAsync(Rounds, lab => lab.Target, lab => lab.CopyAsync(Again));

    [Fact]
    public Task A_copy_outlives_its_source() => CheckAsync(Rounds, lab => lab.Source, lab => lab.CopyAsync(Again));

    [Fact]
    public Task An_import_outlives_its_target() => CheckAsync(Rounds, lab => lab.Target, lab => lab.ImportAsync("archive", options: Again));

    [Fact(Explicit = true)]
    public Task A_copy_outlives_its_target_fifty_times() => CheckAsync(LongRounds, lab => lab.Target, lab => lab.CopyAsync(Again));

    [Fact(Explicit = true)]
    public Task A_copy_outlives_its_source_fifty_times() => CheckAsync(LongRounds, lab => lab.Source, lab => lab.CopyAsync(Again));

    [Fact(Explicit = true)]
    public Task An_import_outlives_its_target_fifty_times() => CheckAsync(LongRounds, lab => lab.Target, lab => lab.ImportAsync("archive", options: Again));

    /// <summary>One that was whole before the server could be killed is only compared the next time.</summary>
    private static CopyOptions Again => new() { Update = true };

    private static async Task CheckAsync(int rounds, Func<CopyLab, LabPostgres> victim, Func<CopyLab, Task<IReadOnlyList<WaTableCopy>>> command)
    {
        await using var lab = await CopyLab.StartOnOwnServersAsync(Filled);
        await lab.ExportAsync("archive");
        var random = new Random(11);
        var killed = 0;
        for (var round = 0; round < rounds; round++)
        {
            var running = command(lab);
            await Task.WhenAny(running, Task.Delay(random.Next(300, 2500), Cancellation));
            await victim(lab).CrashAsync();
            try
            {
                await running;

                // The next one finds all of it again: from the start, so that there is something to kill.
                await victim(lab).RestartAsync(Cancellation);
                await lab.TargetAsync("postgres", $"DROP DATABASE \"{lab.Database}\" WITH (FORCE)");
                continue;
            }
            catch (WaException failure)
            {
                Assert.Contains(failure.ErrorId, Told);
                killed++;
            }

            await victim(lab).RestartAsync(Cancellation);
            Assert.Equal(0, await lab.RowsBesideTheLedgerAsync("a"));
            Assert.Equal(0, await lab.RowsBesideTheLedgerAsync("b"));
        }

        await command(lab);

        Assert.True(killed > 0, "Nothing was killed in time.");
        Assert.Empty(await lab.DifferencesAsync());
        Assert.False(await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regnamespace('_wamigration') IS NOT NULL"));
    }
}
