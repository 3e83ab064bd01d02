using WaLab;
using WaLab.Proxies;
using WaLab.Servers;
using WaMigration.Tests.Migration;

namespace WaMigration.Tests.Kills;

/// <summary>Options 2 and 3, killed at their requests: a sample always, every step before and after its effect as slices of Soak.</summary>
public sealed class KilledWithDatabasesTests
{
    public static TheoryData<int, int, HoldPoint> Everywhere =>
    [
        .. from option in (int[])[2, 3]
           from point in KillPoint.Of(option)
           from when in (HoldPoint[])[HoldPoint.BeforeRequest, HoldPoint.AfterEffect]
           select new TheoryDataRow<int, int, HoldPoint>(option, point.Step, when),
    ];

    /// <param name="option">The guide's option.</param>
    /// <param name="step">The step that is killed.</param>
    /// <param name="when">Before its request arrives, or after its effect and before its answer.</param>
    [Theory]
    [InlineData(2, 2, HoldPoint.AfterEffect)]
    [InlineData(2, 5, HoldPoint.BeforeRequest)]
    [InlineData(3, 3, HoldPoint.BeforeRequest)]
    [InlineData(3, 5, HoldPoint.AfterEffect)]
    [InlineData(3, 6, HoldPoint.AfterEffect)]
    public Task The_second_run_ends_as_an_undisturbed_one(int option, int step, HoldPoint when) =>
        CheckAsync(option, step, when, LabDatabaseEngine.PostgreSql);

    [Theory(Explicit = true)]
    [MemberData(nameof(Everywhere))]
    public Task Killed_anywhere_on_PostgreSQL_it_ends_as_an_undisturbed_one(int option, int step, HoldPoint when) =>
        CheckAsync(option, step, when, LabDatabaseEngine.PostgreSql);

    [Theory(Explicit = true)]
    [MemberData(nameof(Everywhere))]
    public Task Killed_anywhere_on_MariaDB_it_ends_as_an_undisturbed_one(int option, int step, HoldPoint when) =>
        CheckAsync(option, step, when, LabDatabaseEngine.MariaDb);

    [Theory(Explicit = true)]
    [MemberData(nameof(Everywhere))]
    public Task Killed_anywhere_on_MySQL_it_ends_as_an_undisturbed_one(int option, int step, HoldPoint when) =>
        CheckAsync(option, step, when, LabDatabaseEngine.MySql);

    private static Task CheckAsync(int option, int step, HoldPoint when, LabDatabaseEngine engine) => MigrationUnderKill.CheckAsync(
        option,
        new LabOptions { Topology = DatabaseMigration.Small, DatabaseEngine = engine },
        step,
        when,
        TestContext.Current.CancellationToken);
}
