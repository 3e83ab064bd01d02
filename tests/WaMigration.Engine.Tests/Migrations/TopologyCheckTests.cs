using WaMigration.Migrations;
using WaMigration.Migrations.Checks;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>What differs is Failed, what cannot be read is Unknown, and neither passes.</summary>
public sealed class TopologyCheckTests
{
    private static readonly TopologyRecord Usual = new() { Masters = 2, Coreapps = 3, Webapps = 1, Shards = 2, ClientVersion = "2.53.1" };

    [Fact]
    public async Task Equal_ones_pass()
    {
        var checks = await LookAsync(Usual, Usual);

        Assert.All(Names(), name => Assert.Equal(WaCheckStatus.Passed, checks[name].Status));
    }

    [Theory]
    [InlineData("Masters")]
    [InlineData("Coreapps")]
    [InlineData("Shards")]
    public async Task A_number_that_differs_fails_and_names_both(string name)
    {
        var checks = await LookAsync(Usual, With(Usual, name, 7));

        Assert.Equal(WaCheckStatus.Failed, checks[name].Status);
        Assert.Contains("7", checks[name].Detail, StringComparison.Ordinal);
        Assert.NotEmpty(checks[name].Remedy);
        Assert.All(Names().Where(other => other != name), other => Assert.Equal(WaCheckStatus.Passed, checks[other].Status));
    }

    [Theory]
    [InlineData("Masters", true)]
    [InlineData("Coreapps", true)]
    [InlineData("Shards", true)]
    [InlineData("Masters", false)]
    [InlineData("Coreapps", false)]
    [InlineData("Shards", false)]
    public async Task A_number_that_cannot_be_read_on_either_side_is_unknown_and_stops(string name, bool onOldSide)
    {
        var checks = onOldSide ? await LookAsync(With(Usual, name, null), Usual) : await LookAsync(Usual, With(Usual, name, null));

        Assert.Equal(WaCheckStatus.Unknown, checks[name].Status);
        var error = Assert.Throws<WaException>(() => CheckRunner.Require(WaCheckPhase.Ready, [.. checks.Values], new RecordingConsole().Operation()));
        Assert.Equal("ChecksFailed", error.ErrorId);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.53.1", "2.53.1", WaCheckStatus.Passed)]
    [InlineData("2.53.1", "2.53.2", WaCheckStatus.Warning)]
    [InlineData("2.53.1", "2.55", WaCheckStatus.Warning)]
    [InlineData("2.53.1", "2.53.0", WaCheckStatus.Failed)]
    [InlineData("2.53.1", "2.9.9", WaCheckStatus.Failed)]
    [InlineData("2.53.1", null, WaCheckStatus.Unknown)]
    [InlineData(null, "2.53.1", WaCheckStatus.Unknown)]
    public async Task An_older_version_fails_and_a_newer_one_warns(string? old, string? own, WaCheckStatus expected)
    {
        var checks = await LookAsync(Usual with { ClientVersion = old }, Usual with { ClientVersion = own });

        Assert.Equal(expected, checks["Version"].Status);
    }

    [Theory]
    [InlineData(2, WaCheckStatus.Warning)]
    [InlineData(4, WaCheckStatus.Failed)]
    public async Task Shards_that_a_person_states_stand_in_for_those_that_cannot_be_read(int stated, WaCheckStatus expected)
    {
        var checks = await LookAsync(Usual, Usual with { Shards = null }, stated);

        Assert.Equal(expected, checks["Shards"].Status);
    }

    [Fact]
    public async Task Shards_that_can_be_read_win_over_what_a_person_states()
    {
        var checks = await LookAsync(Usual, Usual with { Shards = 4 }, 2);

        Assert.Equal(WaCheckStatus.Failed, checks["Shards"].Status);
    }

    [Fact]
    public void Under_what_if_what_would_stop_is_told_and_the_plan_goes_on()
    {
        var console = new RecordingConsole();

        CheckRunner.Require(WaCheckPhase.Ready, [new(WaCheckPhase.Ready, "Shards", WaCheckStatus.Failed, "differ", "do")], console.Operation(planOnly: true));

        Assert.Contains(console.Lines, line => line.StartsWith("warning: Shards", StringComparison.Ordinal));
    }

    private static string[] Names() => ["Version", "Masters", "Coreapps", "Shards"];

    private static TopologyRecord With(TopologyRecord topology, string name, int? value) => name switch
    {
        "Masters" => topology with { Masters = value },
        "Coreapps" => topology with { Coreapps = value },
        _ => topology with { Shards = value },
    };

    /// <summary>The old side as it was last seen, the new one as the other company says.</summary>
    private static async Task<Dictionary<string, WaCheck>> LookAsync(TopologyRecord old, TopologyRecord own, int? stated = null)
    {
        var record = new JournalStory().At(0).Record with
        {
            Side = WaMigrationSide.Source,
            SourceFacts = new SourceFacts { Topology = old },
            Ready = new ReadyFile { Option = 1, Setup = "new", CreatedAt = JournalStory.Noon, MigrationId = "x", Topology = own },
        };
        using var run = new MigrationRun("/m", record, true, JournalFile.Empty(TimeProvider.System), null, TimeProvider.System);
        var context = new CheckContext(null, null, run, null, new RecordingConsole().Operation()) { StatedShards = stated };
        return (await CheckRunner.RunAsync(WaCheckPhase.Ready, context)).ToDictionary(check => check.Name);
    }
}
