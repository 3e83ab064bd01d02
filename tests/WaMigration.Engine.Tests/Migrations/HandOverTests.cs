using System.Text.Json.Nodes;
using WaMigration.Migrations;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>The files between two companies.</summary>
public sealed class HandOverTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingConsole console = new();

    private string Exchange => folder.File("exchange");

    [Theory]
    [InlineData(WaMigrationSide.Source)]
    [InlineData(WaMigrationSide.Destination)]
    public async Task One_side_needs_a_folder_for_the_exchange(WaMigrationSide side)
    {
        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(side, exchange: null));

        Assert.Equal("HandOverPathNeeded", error.ErrorId);
    }

    [Fact]
    public async Task The_old_side_does_not_begin_before_the_new_side_is_ready()
    {
        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Source));

        Assert.Equal("HandOverMissing", error.ErrorId);
        Assert.Equal(Path.Combine(Exchange, "ready.json"), error.Target);
    }

    [Fact]
    public async Task The_old_side_takes_what_the_new_side_says_of_itself()
    {
        WriteReady("theirs");
        using var migration = await StartAsync(WaMigrationSide.Source);

        Assert.Equal(2, migration.Run.Record.Ready!.Topology.Shards);
        Assert.False(migration.AwaitsOtherSide);
    }

    [Fact]
    public async Task Another_ready_file_than_the_one_that_was_taken_is_refused()
    {
        WriteReady("theirs");
        (await StartAsync(WaMigrationSide.Source)).Dispose();
        WriteReady("of another migration");

        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Source));

        Assert.Equal("HandOverOfAnother", error.ErrorId);
    }

    [Theory]
    [InlineData("{", "HandOverDamaged")]
    [InlineData("{}", "HandOverDamaged")]
    [InlineData("null", "HandOverDamaged")]
    public async Task A_damaged_file_is_refused(string content, string id)
    {
        Directory.CreateDirectory(Exchange);
        await File.WriteAllTextAsync(Path.Combine(Exchange, "ready.json"), content, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Source));

        Assert.Equal(id, error.ErrorId);
    }

    [Fact]
    public async Task A_file_of_a_newer_format_is_refused()
    {
        WriteReady("theirs");
        var path = Path.Combine(Exchange, "ready.json");
        var ready = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        ready["format"] = 99;
        await File.WriteAllTextAsync(path, ready.ToJsonString(), TestContext.Current.CancellationToken);

        Assert.Equal("MigrationFormatNewer", (await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Source))).ErrorId);
    }

    [Fact]
    public async Task The_new_side_goes_on_with_backup_number_webhook_and_the_times_of_the_old_sides_end()
    {
        var id = await BeginDestinationAsync();
        await WriteHandOverAsync(id);

        using var migration = await StartAsync(WaMigrationSide.Destination, password: "backup password");

        Assert.False(migration.AwaitsOtherSide);
        Assert.Equal("15550001", migration.PhoneNumber);
        Assert.Equal("https://hook.example/x", migration.SourceWebhookUri);
        Assert.Equal("theirs", migration.Source);
        Assert.True(File.Exists(migration.SettingsBackupPath));
        Assert.Equal(JournalStory.Noon, migration.OutboundDowntime!.StartedAt);
        Assert.Equal(WaServedBy.None, migration.ServedBy);
    }

    [Fact]
    public async Task What_was_handed_over_is_taken_once()
    {
        await WriteHandOverAsync(await BeginDestinationAsync());
        (await StartAsync(WaMigrationSide.Destination)).Dispose();
        using var again = await StartAsync(WaMigrationSide.Destination);

        Assert.Single(again.Current.Events, entry => entry.Kind == JournalKinds.WebappStopping);
    }

    [Fact]
    public async Task A_setup_of_the_other_company_with_the_same_name_is_told_apart()
    {
        await WriteHandOverAsync(await BeginDestinationAsync(), setup: "new");
        using var migration = await StartAsync(WaMigrationSide.Destination);

        Assert.NotEqual(migration.Destination, migration.Source);
        Assert.NotNull(migration.OutboundDowntime);
    }

    [Fact]
    public async Task A_hand_over_that_answers_to_another_ready_file_is_refused()
    {
        await BeginDestinationAsync();
        await WriteHandOverAsync("of another migration");

        Assert.Equal("HandOverOfAnother", (await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Destination))).ErrorId);
    }

    [Fact]
    public async Task A_backup_that_is_not_the_one_named_is_refused()
    {
        await WriteHandOverAsync(await BeginDestinationAsync());
        await File.AppendAllTextAsync(Path.Combine(Exchange, "settings-backup"), " ", TestContext.Current.CancellationToken);

        Assert.Equal("HandOverDamaged", (await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Destination))).ErrorId);
    }

    [Fact]
    public async Task A_wrong_password_is_found_when_the_hand_over_is_taken()
    {
        await WriteHandOverAsync(await BeginDestinationAsync());

        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(WaMigrationSide.Destination, password: "another"));

        Assert.Equal("WrongBackupPassword", error.ErrorId);
        using var again = await StartAsync(WaMigrationSide.Destination, password: "backup password");
        Assert.False(again.AwaitsOtherSide);
    }

    [Fact]
    public async Task A_completed_new_side_says_so_and_the_old_side_takes_its_date()
    {
        var id = await BeginDestinationAsync();
        WriteReady(id);
        await WriteHandOverAsync(id);
        using (var theirs = await StartAsync(WaMigrationSide.Destination))
        {
            Finish(theirs, 1);
            await MigrationCompletion.CompleteAsync(theirs.Run, console.Operation());
        }

        using var ours = await StartAsync(WaMigrationSide.Source, name: "source");
        Finish(ours, 1);
        await MigrationCompletion.CompleteAsync(ours.Run, console.Operation());

        Assert.Equal(WaMigrationState.AwaitingRetention, ours.State);
        Assert.Equal(HandOverFiles.Read<HandOverDoneFile>(Exchange, HandOverFiles.Done)!.DatabasesMayGoAfter, ours.DatabasesMayGoAfter);
    }

    public void Dispose() => folder.Dispose();

    private static void Finish(WaMigration migration, int from)
    {
        for (var number = from; number <= 10; number++)
        {
            MigrationSteps.Begin(migration.Run, number, "x", null, new RecordingConsole().Operation());
            if (migration.Run.Record.Step(number).State == WaStepState.Running)
            {
                MigrationSteps.Done(migration.Run, number);
            }
        }
    }

    private async Task<string> BeginDestinationAsync()
    {
        using var migration = await StartAsync(WaMigrationSide.Destination);
        foreach (var number in new[] { 1, 2 })
        {
            MigrationSteps.Begin(migration.Run, number, "x", null, console.Operation());
            MigrationSteps.Done(migration.Run, number);
        }

        Assert.True(migration.AwaitsOtherSide);
        return migration.Id;
    }

    private void WriteReady(string id) => HandOverFiles.Write(Exchange, HandOverFiles.Ready, new ReadyFile
    {
        Option = 1,
        Setup = "theirs",
        CreatedAt = JournalStory.Noon,
        MigrationId = id,
        Topology = new TopologyRecord { Masters = 2, Coreapps = 3, Shards = 2, ClientVersion = "2.53.1" },
    });

    private async Task WriteHandOverAsync(string id, string setup = "theirs")
    {
        var topology = new WaTopology(2, 3, 1, 2, "2.53.1", WaDatabaseEngine.PostgreSql, true, []);
        using var password = Secret.Conceal("backup password");
        var content = SettingsBackupFile.Seal(new WaSettingsBackup("x", setup, "15550001", "2.53.1", topology, JournalStory.Noon, string.Empty), "opaque data", password);
        Directory.CreateDirectory(Exchange);
        await File.WriteAllBytesAsync(Path.Combine(Exchange, "settings-backup"), content, TestContext.Current.CancellationToken);
        HandOverFiles.Write(Exchange, HandOverFiles.HandOver, new HandedOverFile
        {
            Option = 1,
            Setup = setup,
            CreatedAt = JournalStory.Noon,
            MigrationId = id,
            PhoneNumber = "15550001",
            ApiUri = new Uri("https://theirs.example:9090"),
            Facts = new SourceFacts { WebhookUri = "https://hook.example/x", Topology = TopologyRecord.From(topology) },
            BackupSha256 = Sha256.Hex(content),
            Events = [new JournalEvent(JournalStory.Noon, JournalKinds.WebappStopping, setup, new Dictionary<string, string>())],
        });
    }

    private Task<WaMigration> StartAsync(WaMigrationSide side, string? exchange = "", string? password = null, string? name = null) => MigrationStarter.StartAsync(
        new StartOptions
        {
            Path = folder.File(name ?? "m"),
            Option = 1,
            Side = side,
            Source = side == WaMigrationSide.Source ? DescribedSetup.Named("old", "https://old.example:9090", "15550001") : null,
            Destination = side == WaMigrationSide.Destination ? DescribedSetup.Named("new", "https://new.example:9090") : null,
            HandOverPath = exchange is null ? null : Exchange,
            BackupPassword = password is null ? null : Secret.Conceal(password),
        },
        console.Operation());
}
