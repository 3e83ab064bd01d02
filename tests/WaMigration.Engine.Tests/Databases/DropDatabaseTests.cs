using WaLab.Servers;
using WaMigration.Databases;
using WaMigration.Databases.Dropping;
using WaMigration.Engine.Tests.Containers;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>Old databases go when everything speaks for it, and stay for each single thing that speaks against it.</summary>
public sealed class DropDatabaseTests
{
    private static readonly DateTimeOffset Completed = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Hours after the migration was completed at which the new client was seen Healthy.</summary>
    private static readonly int[] Daily = [.. Enumerable.Range(1, 14).Select(day => day * 24)];

    public static TheoryData<string, int, int[], string?, bool, bool, string?> Cases => new()
    {
        { "all is well", 14 * 24, Daily, null, false, true, null },
        { "an hour too early", (14 * 24) - 1, [.. Daily[..13], (14 * 24) - 1], null, false, true, "RetentionNotOver" },
        { "early by force", 11 * 24, [.. Daily[..11]], null, true, true, null },
        { "force does not lift the ten days", 8 * 24, [.. Daily[..8]], null, true, true, "HealthNotProved" },
        { "nine days", 15 * 24, [24, 48, 72, 144, 168, 240, 264, 336, 360], null, false, true, "HealthNotProved" },
        { "a gap over three days", 15 * 24, [24, 48, 72, 96, 120, 193, 216, 240, 264, 288, 312, 336, 360], null, false, true, "HealthNotProved" },
        { "a gap at the beginning", 15 * 24, [73, 96, 120, 144, 168, 192, 216, 240, 264, 288, 312, 336, 360], null, false, true, "HealthNotProved" },
        { "the last look is a day old", (15 * 24) + 1, Daily, null, false, true, "HealthNotProved" },
        { "the last look was not good", 15 * 24, [.. Daily, 359], "Unhealthy", false, true, "HealthNotProved" },
        { "never looked at", 15 * 24, [], null, false, true, "HealthNotProved" },
        { "nothing delivered", 14 * 24, Daily, null, false, false, "DeliveryNotProved" },
        { "force does not lift the delivery", 14 * 24, Daily, null, true, false, "DeliveryNotProved" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Only_a_migration_that_is_long_behind_and_well_lets_them_go(string name, int hoursLater, int[] healthy, string? last, bool force, bool delivered, string? expected)
    {
        using var folder = new TemporaryFolder();
        var events = healthy.Select((hour, place) => Seen(hour, last is not null && place == healthy.Length - 1 ? last : "Healthy")).ToList();
        if (delivered)
        {
            events.Add(new JournalEvent(Completed, JournalKinds.TestMessageDelivered, "new", new Dictionary<string, string>()));
        }

        var snapshot = new MigrationSnapshot(folder.Path, Record(), events, Completed.AddHours(hoursLater));
        if (expected is null)
        {
            RetentionProof.Require(snapshot, deliveryConfirmed: false, force);
            return;
        }

        Assert.Equal(expected, Assert.Throws<WaException>(() => RetentionProof.Require(snapshot, deliveryConfirmed: false, force)).ErrorId + (name.Length == 0 ? "?" : string.Empty));
    }

    [Fact]
    public void One_that_is_not_completed_or_is_undone_keeps_them()
    {
        var unfinished = new MigrationSnapshot("/m", Record() with { State = WaMigrationState.Running }, [], Completed.AddDays(30));
        Assert.Equal("RetentionNotOver", Assert.Throws<WaException>(() => RetentionProof.Require(unfinished, true, true)).ErrorId);
    }

    [Theory]
    [InlineData(LabDatabaseEngine.PostgreSql)]
    [InlineData(LabDatabaseEngine.MariaDb)]
    [InlineData(LabDatabaseEngine.MySql)]
    public async Task They_are_dropped_and_written_down_and_what_must_stay_stays(LabDatabaseEngine engine)
    {
        await using var lab = await DockerLab.StartAsync();
        await using var old = await StoreServer.StartAsync(engine);
        await using var other = await StoreServer.StartAsync(engine);
        await old.CreateAsync("messageStore", "create table m (id int)");
        await old.CreateAsync("waweb");
        await old.CreateAsync("strange");
        await other.CreateAsync("messageStore");
        using var folder = new TemporaryFolder();
        await WriteAsync(folder);
        var console = new RecordingConsole();
        var time = new FixedTime(Completed.AddDays(14));
        var (source, destination) = (lab.Setup("old", database: old.Database), lab.Setup("new", database: other.Database));
        var dropped = new List<WaDatabase>();
        Task Drop(WaSetup to, string[]? names = null, bool plan = false) => DatabaseDropper.RunAsync(folder.Path, source, to, names ?? [], false, false, dropped.Add, console.Operation(plan, time));
        async Task<string> Refused(WaSetup to, params string[] names) => (await Assert.ThrowsAsync<WaException>(() => Drop(to, names))).ErrorId;

        // The same server by another name, with the old client's prefix: a new client that was set up on the old databases.
        var own = old.Database;
        Assert.Equal("DatabaseInUseByDestination", await Refused(lab.Setup("new", database: new WaDatabaseServer(own.Engine, "localhost", own.Port, own.UserName, own.Password, own.NamePrefix, own.SslMode))));
        Assert.Equal("DatabaseServerNotKnown", await Refused(lab.Setup("new")));
        Assert.Equal("DatabaseNotOfSetup", await Refused(destination, old.SystemDatabase));
        Assert.Equal("DatabaseNotOfSetup", await Refused(destination, other.Prefix + "messageStore"));
        Assert.Equal("MigrationFolderOfAnother", await Refused(lab.Setup("third", database: other.Database)));
        await using (await old.OpenAsync("waweb"))
        {
            Assert.Equal("DatabaseHasSessions", await Refused(destination));
        }

        await Drop(destination, plan: true);
        Assert.Contains(console.Lines, line => line.StartsWith("what if: ", StringComparison.Ordinal) && line.Contains(old.Prefix + "messageStore", StringComparison.Ordinal));
        Assert.Empty(dropped);

        await Drop(destination);

        Assert.Equal([old.Prefix + "messageStore", old.Prefix + "waweb"], dropped.Select(database => database.Name).Order(StringComparer.Ordinal));
        Assert.Equal([old.Prefix + "strange"], (await ClientDatabases.ListAsync(old.Database, console.Operation())).Select(database => database.Name));
        var journal = await File.ReadAllTextAsync(folder.File(MigrationFiles.Journal), TestContext.Current.CancellationToken);
        Assert.Equal(2, journal.Split("\"database-dropped\"").Length - 1);
    }

    [Fact]
    public async Task What_is_seen_of_the_new_client_is_written_into_the_folder()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, withEvents: false);
        var console = new RecordingConsole();

        await MigrationNotes.ObserveAsync(null, folder.Path, new WaHealth("new", WaHealthStatus.Healthy, true, [], [], Completed), console.Operation(time: new FixedTime(Completed.AddHours(1))));

        Assert.Contains("health-observed", await File.ReadAllTextAsync(folder.File(MigrationFiles.Journal), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static JournalEvent Seen(int hour, string status) =>
        new(Completed.AddHours(hour), MigrationEvents.HealthObserved, "new", new Dictionary<string, string> { ["status"] = status });

    private static MigrationRecord Record() => new()
    {
        Id = "m",
        Option = 1,
        State = WaMigrationState.AwaitingRetention,
        Source = new SetupRecord { Name = "old", ApiUri = new Uri("https://127.0.0.1:1") },
        Destination = new SetupRecord { Name = "new", ApiUri = new Uri("https://127.0.0.1:2") },
        Steps = [.. Enumerable.Range(1, GuideSteps.Last).Select(number => new StepRecord { Number = number, Name = "step", State = WaStepState.Done })],
        CompletedAt = Completed,
        DatabasesMayGoAfter = Completed.AddDays(14),
    };

    private static async Task WriteAsync(TemporaryFolder folder, bool withEvents = true)
    {
        await File.WriteAllBytesAsync(folder.File(MigrationFiles.Record), Record().ToBytes(), TestContext.Current.CancellationToken);
        var time = new FixedTime(Completed);
        using var journal = JournalFile.Open(folder.File(MigrationFiles.Journal), new RecordingConsole().Operation(time: time));
        foreach (var hour in withEvents ? Daily : [])
        {
            time.Now = Completed.AddHours(hour);
            journal.Write(MigrationEvents.HealthObserved, "new", ("status", "Healthy"));
        }

        journal.Write(JournalKinds.TestMessageDelivered, "new");
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
