using WaLab;
using WaLab.Proxies;
using WaLab.Servers;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Kills;

/// <summary>
/// Options 2 and 3, killed in every step one after the other; a sample always, all engines as slices of Soak. One kill each on a
/// client of its own, before and after its effect, is Soak's, too.
/// </summary>
public sealed class KilledWithDatabasesTests
{
    public static TheoryData<int, int, HoldPoint> Everywhere =>
    [
        .. from option in (int[])[2, 3]
           from point in KillPoint.Of(option)
           from when in (HoldPoint[])[HoldPoint.BeforeRequest, HoldPoint.AfterEffect]
           select new TheoryDataRow<int, int, HoldPoint>(option, point.Step, when),
    ];

    /// <summary>Each option on each engine, before the requests of the steps arrive and after their effect.</summary>
    public static TheoryData<int, LabDatabaseEngine, HoldPoint> EveryWay =>
    [
        .. from option in (int[])[2, 3]
           from engine in Enum.GetValues<LabDatabaseEngine>()
           from when in (HoldPoint[])[HoldPoint.BeforeRequest, HoldPoint.AfterEffect]
           select new TheoryDataRow<int, LabDatabaseEngine, HoldPoint>(option, engine, when),
    ];

    /// <param name="option">The guide's option.</param>
    /// <param name="engine">What the databases are on.</param>
    /// <param name="when">Before the requests arrive, or after their effect and before their answers.</param>
    [Theory]
    [InlineData(2, LabDatabaseEngine.PostgreSql, HoldPoint.AfterEffect)]
    [InlineData(3, LabDatabaseEngine.MariaDb, HoldPoint.BeforeRequest)]
    public Task Killed_in_every_step_the_last_run_ends_as_an_undisturbed_one(int option, LabDatabaseEngine engine, HoldPoint when) =>
        CheckEveryStepAsync(option, engine, when);

    [Theory(Explicit = true)]
    [MemberData(nameof(EveryWay))]
    public Task Killed_in_every_step_on_every_engine_the_last_run_ends_as_an_undisturbed_one(int option, LabDatabaseEngine engine, HoldPoint when) =>
        CheckEveryStepAsync(option, engine, when);

    [Theory(Explicit = true)]
    [MemberData(nameof(Everywhere))]
    public Task Killed_anywhere_on_PostgreSQL_it_ends_as_an_undisturbed_one(int option, int step, HoldPoint when) =>
        CheckAsync(option, step, when, LabDatabaseEngine.PostgreSql);

    private static Task CheckEveryStepAsync(int option, LabDatabaseEngine engine, HoldPoint when) => MigrationUnderKill.CheckEveryStepAsync(
        option,
        new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = engine },
        when,
        TestContext.Current.CancellationToken);

    private static Task CheckAsync(int option, int step, HoldPoint when, LabDatabaseEngine engine) => MigrationUnderKill.CheckAsync(
        option,
        new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = engine },
        step,
        when,
        TestContext.Current.CancellationToken);
}
