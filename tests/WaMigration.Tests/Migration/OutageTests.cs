using WaLab;
using WaLab.Proxies;
using WaLab.Servers;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Kills;
using WaMigration.Tests.Undo;

namespace WaMigration.Tests.Migration;

/// <summary>A Docker host, or the database server, is gone in the middle of a step, and comes back: the same command goes on.</summary>
public sealed class OutageTests
{
    /// <summary>
    /// Sessions that a client kept open died with their server, and each is found dead at its first use: more than a client of
    /// the lab keeps open to one database.
    /// </summary>
    private const int KeptSessions = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly string[] SaidOfHosts = ["DockerHostUnreachable", "ChecksFailed", "SourceNotProvedStopped"];
    private static readonly string[] SaidOfDatabases = ["DatabaseUnreachable", "DatabaseConnectionLost", "ChecksFailed", "SourceNotProvedStopped", "HealthNotReached", "ClientNotAnswering", "ApiDatabaseFailed"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="option">The guide's option.</param>
    /// <param name="steps">The steps in whose middle the host goes, one after the other on one lab.</param>
    [Theory]
    [InlineData(3, new[] { 0, 3, 5, 6 })]
    public Task A_Docker_host_that_goes_and_comes_back_costs_nothing_but_time(int option, int[] steps) => HostsAsync(option, steps);

    [Theory(Explicit = true)]
    [MemberData(nameof(UndoWithDatabasesTests.EveryStep), MemberType = typeof(UndoWithDatabasesTests))]
    public Task A_Docker_host_that_goes_in_any_step_costs_nothing_but_time(int option, int step) => HostsAsync(option, [step]);

    [Theory]
    [InlineData(2, new[] { 2, 4 })]
    public Task A_database_server_that_goes_and_comes_back_costs_nothing_but_time(int option, int[] steps) => DatabasesAsync(option, steps, runs: 1);

    [Theory(Explicit = true)]
    [MemberData(nameof(UndoWithDatabasesTests.EveryStep), MemberType = typeof(UndoWithDatabasesTests))]
    public Task A_database_server_that_goes_in_any_step_costs_nothing_but_time(int option, int step) => DatabasesAsync(option, [step], KeptSessions);

    private static async Task HostsAsync(int option, int[] steps)
    {
        await using var migration = await DatabaseMigration.StartAsync(option);
        var lab = migration.Lab;
        foreach (var step in steps)
        {
            // Where the step itself asks no Docker host, that of the new client goes meanwhile.
            var point = KillPoint.Of(option).Single(known => known.Step == step);
            var host = lab.ProxyOf(point.Link is LabLink.OldDocker ? LabLink.OldDocker : LabLink.NewDocker);
            await GoneInAsync(migration, point, host.SetDownAsync, SaidOfHosts, mustFail: point.Link is LabLink.OldDocker or LabLink.NewDocker);
        }

        await EndAsync(migration, SaidOfHosts, runs: 1);
    }

    private static async Task DatabasesAsync(int option, int[] steps, int runs)
    {
        await using var server = await LabPostgres.StartAsync(cancellationToken: Cancellation);
        await using var migration = await DatabaseMigration.StartAsync(option, new LabOptions { Topology = DatabaseMigration.Small, DatabaseServer = server });
        foreach (var step in steps)
        {
            await GoneInAsync(
                migration,
                KillPoint.Of(option).Single(known => known.Step == step),
                down => down ? server.CrashAsync() : server.RestartAsync(Cancellation),
                SaidOfDatabases,
                mustFail: false);
        }

        await EndAsync(migration, SaidOfDatabases, runs);
    }

    /// <summary>The runbook, up to that request of the step; then something is gone until the run has ended.</summary>
    private static async Task GoneInAsync(DatabaseMigration migration, KillPoint point, Func<bool, Task> down, string[] said, bool mustFail)
    {
        Task<ScriptResult> running;
        using (var hold = migration.Lab.HoldAt(point.Link, point.Method, point.Path, HoldPoint.BeforeRequest, point.Occurrence, point.OnlyWhile(migration.Folder)))
        {
            running = migration.MigrateAsync("-TwoStepPin $pin @hook", Cancellation);
            await Task.WhenAny(hold.Arrived, running).WaitAsync(Patience, Cancellation);
            Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Describe() : string.Empty);
            await down(true);
        }

        var result = await running.WaitAsync(Patience, Cancellation);
        await down(false);
        TestContext.Current.SendDiagnosticMessage("Step {0}: {1}", point.Step, string.Join(", ", result.ErrorIds));
        Assert.True(!mustFail || result.Errors.Count > 0, $"Step {point.Step} did not notice.");
        MustSay(result, said);
    }

    /// <param name="migration">The migration, whose host or server is back.</param>
    /// <param name="said">What the runs may still say before the last.</param>
    /// <param name="runs">How many runs it may take.</param>
    private static async Task EndAsync(DatabaseMigration migration, string[] said, int runs)
    {
        var result = migration.Migrate("-TwoStepPin $pin @hook");
        for (var run = 1; run < runs && result.Errors.Count > 0; run++)
        {
            MustSay(result, said);
            result = migration.Migrate("-TwoStepPin $pin @hook");
        }

        result.MustSucceed();
        Assert.Equal("AwaitingRetention Destination", migration.Run("$m = Get-WaMigration $common.Path; \"$($m.State) $($m.ServedBy)\"").Single().ToString());
        Assert.Empty(migration.Lab.Old.ContainerNames);
        await AnswersAgainAsync(migration, runs);
        await migration.CheckServiceAsync(migration.Lab.New);
    }

    private static void MustSay(ScriptResult result, string[] said) =>
        Assert.All(result.Errors, error => Assert.True(said.Contains(error.FullyQualifiedErrorId.Split(',')[0]), result.Describe()));

    private static async Task AnswersAgainAsync(DatabaseMigration migration, int tries)
    {
        for (var left = tries - 1; ; left--)
        {
            try
            {
                await migration.LogInOnNewAsync();
                await migration.Lab.New.Api.SendTextAsync("12025551000", "Is anybody there?", Cancellation);
                return;
            }
            catch (LabApiException failure) when (left > 0)
            {
                TestContext.Current.SendDiagnosticMessage("{0}", failure.Message);
            }
        }
    }
}
