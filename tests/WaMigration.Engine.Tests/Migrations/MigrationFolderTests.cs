using System.Text.Json.Nodes;
using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

public sealed class MigrationFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingConsole console = new();

    private string Record => Path.Combine(Target, "migration.json");

    private string Target => folder.File("m1");

    [Fact]
    public async Task A_new_folder_has_record_and_journal_and_is_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes are not on Windows.");
        using var migration = await StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Unix.Mode(Target));
        foreach (var file in Directory.GetFiles(Target))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.Mode(file));
        }

        Assert.True(File.Exists(Record));
        Assert.Equal(WaMigrationState.Running, migration.State);
        Assert.Equal(10, migration.Steps.Count);
    }

    [Fact]
    public async Task Under_what_if_nothing_is_made_and_the_planned_record_comes_back()
    {
        using var migration = await MigrationStarter.StartAsync(Options(), console.Operation(planOnly: true));

        Assert.Equal(WaMigrationState.Planned, migration.State);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task Under_what_if_an_existing_folder_stays_as_it_is()
    {
        (await StartAsync()).Dispose();
        var before = Picture();

        using (var planned = await MigrationStarter.StartAsync(Options(), console.Operation(planOnly: true)))
        {
            Assert.Equal(StepDecision.Run, MigrationSteps.Begin(planned.Run, 1, "x", null, console.Operation(planOnly: true)));
            MigrationSteps.Done(planned.Run, 1);
        }

        Assert.Equal(before, Picture());
    }

    [Fact]
    public async Task A_second_run_at_the_same_time_is_refused_and_told_who_runs_it()
    {
        using var first = await StartAsync();
        var before = File.ReadAllBytes(Record);

        var error = await Assert.ThrowsAsync<WaException>(StartAsync);

        Assert.Equal("MigrationIsRunning", error.ErrorId);
        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Record));
    }

    [Fact]
    public async Task A_folder_is_free_again_when_its_run_has_ended()
    {
        (await StartAsync()).Dispose();
        using var second = await StartAsync();

        Assert.Equal(WaMigrationState.Running, second.State);
    }

    [Theory]
    [InlineData("option", "Option 1")]
    [InlineData("side", "side Both")]
    [InlineData("number", "15550001")]
    [InlineData("source", "https://old.example")]
    [InlineData("destination", "https://new.example")]
    [InlineData("database", "db1:5432/old_")]
    public async Task The_folder_of_another_migration_is_refused_and_says_which_part_differs(string part, string named)
    {
        (await StartAsync()).Dispose();
        var before = Picture();
        var options = part switch
        {
            "option" => Options() with { Option = 2 },
            "side" => Options() with { Side = WaMigrationSide.Source },
            "number" => Options() with { Source = DescribedSetup.Named("old", "https://old.example:9090", "15559999", "db1") },
            "source" => Options() with { Source = DescribedSetup.Named("old", "https://older.example:9090", "15550001", "db1") },
            "destination" => Options() with { Destination = DescribedSetup.Named("new", "https://newer.example:9090") },
            _ => Options() with { Source = DescribedSetup.Named("old", "https://old.example:9090", "15550001", "db2") },
        };

        var error = await Assert.ThrowsAsync<WaException>(() => MigrationStarter.StartAsync(options, console.Operation()));

        Assert.Equal("MigrationFolderOfAnother", error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Picture());
    }

    [Fact]
    public async Task A_number_that_cannot_be_read_any_more_is_the_recorded_one()
    {
        (await StartAsync()).Dispose();

        using var again = await MigrationStarter.StartAsync(
            Options() with { Source = DescribedSetup.Named("old", "https://old.example:9090") },
            console.Operation());

        Assert.Equal("15550001", again.PhoneNumber);
    }

    [Fact]
    public async Task A_folder_with_other_files_is_not_taken()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "letter.txt"), "mine");

        var error = await Assert.ThrowsAsync<WaException>(StartAsync);

        Assert.Equal("MigrationFolderForeign", error.ErrorId);
        Assert.Contains("letter.txt", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public async Task A_folder_whose_making_was_cut_off_is_taken()
    {
        Directory.CreateDirectory(Target);
        foreach (var name in MigrationFiles.BeforeRecord)
        {
            File.WriteAllText(Path.Combine(Target, name), string.Empty);
        }

        using var migration = await StartAsync();

        Assert.Equal(WaMigrationState.Running, migration.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"format\":1}")]
    [InlineData("[]")]
    public async Task A_damaged_record_is_an_error_and_stays_as_it_is(string content)
    {
        (await StartAsync()).Dispose();
        File.WriteAllText(Record, content);

        var error = await Assert.ThrowsAsync<WaException>(StartAsync);

        Assert.Equal("MigrationRecordDamaged", error.ErrorId);
        Assert.Equal(content, File.ReadAllText(Record));
    }

    [Fact]
    public async Task A_record_of_a_newer_format_is_refused()
    {
        (await StartAsync()).Dispose();
        var record = JsonNode.Parse(File.ReadAllText(Record))!;
        record["format"] = 99;
        File.WriteAllText(Record, record.ToJsonString());

        var error = await Assert.ThrowsAsync<WaException>(StartAsync);

        Assert.Equal("MigrationFormatNewer", error.ErrorId);
    }

    [Fact]
    public async Task A_replacement_that_was_cut_off_leaves_the_record_as_it_was()
    {
        (await StartAsync()).Dispose();
        File.WriteAllText(Record + ".new", "{ half");

        using var again = await StartAsync();

        Assert.Equal(WaMigrationState.Running, again.State);
        Assert.False(File.Exists(Record + ".new"));
    }

    [Fact]
    public async Task A_running_migration_reads_as_running_and_one_that_was_killed_as_interrupted()
    {
        using var migration = await StartAsync();
        MigrationSteps.Begin(migration.Run, 1, "Install the new setup", null, console.Operation());

        var live = MigrationFolder.Read(Target, console.Operation()).Record;
        Assert.Equal(WaMigrationState.Running, live.State);
        Assert.Equal(WaStepState.Running, live.Step(1).State);

        // A copy of the folder is what a kill leaves: the same files, and nobody holding the lock.
        var killed = folder.File("killed");
        Directory.CreateDirectory(killed);
        foreach (var file in Directory.GetFiles(Target).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(Path.Combine(killed, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        var left = MigrationFolder.Read(killed, console.Operation()).Record;
        Assert.Equal(WaMigrationState.Interrupted, left.State);
        Assert.Equal(WaStepState.Interrupted, left.Step(1).State);
    }

    [Fact]
    public void A_folder_without_a_migration_is_not_found()
    {
        var error = Assert.Throws<WaException>(() => MigrationFolder.Read(Target, console.Operation()));

        Assert.Equal("MigrationNotFound", error.ErrorId);
    }

    [Fact]
    public async Task A_run_that_goes_on_without_a_secret_of_a_later_step_is_refused_before_anything()
    {
        var secrets = new Dictionary<string, int> { ["BackupPassword"] = 6, ["TwoStepPin"] = 8 };
        (await MigrationStarter.StartAsync(Options() with { SecretUntilStep = secrets, SecretsGiven = ["BackupPassword", "TwoStepPin"] }, console.Operation())).Dispose();
        var before = Picture();

        var error = await Assert.ThrowsAsync<WaException>(() => MigrationStarter.StartAsync(
            Options() with { SecretUntilStep = secrets, SecretsGiven = ["BackupPassword"] },
            console.Operation()));

        Assert.Equal("SecretNeeded", error.ErrorId);
        Assert.Equal("TwoStepPin", error.Target);
        Assert.Contains("step 8", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Picture());
    }

    [Fact]
    public async Task A_secret_whose_last_step_is_behind_is_not_asked_for()
    {
        var secrets = new Dictionary<string, int> { ["TwoStepPin"] = 1 };
        using (var first = await MigrationStarter.StartAsync(Options() with { SecretUntilStep = secrets, SecretsGiven = ["TwoStepPin"] }, console.Operation()))
        {
            MigrationSteps.Begin(first.Run, 1, "x", null, console.Operation());
            MigrationSteps.Done(first.Run, 1);
        }

        using var second = await MigrationStarter.StartAsync(Options() with { SecretUntilStep = secrets }, console.Operation());

        Assert.Equal(2, second.CurrentStep?.Number);
    }

    [Fact]
    public async Task The_record_holds_the_setups_and_the_call_without_a_secret()
    {
        var call = new RunbookCall("/r/Invoke-WaSettingsMigration.ps1", [new("BackupPassword", RunbookArgumentKind.Secret)]);
        (await MigrationStarter.StartAsync(Options() with { Runbook = call }, console.Operation())).Dispose();

        var record = JsonNode.Parse(File.ReadAllText(Record))!;

        Assert.Equal("15550001", (string?)record["phoneNumber"]);
        Assert.Equal("https://old.example:9090", (string?)record["source"]!["apiUri"]);
        Assert.Equal("db1", (string?)record["source"]!["database"]!["server"]);
        Assert.Null(record["runbook"]!["arguments"]![0]!["value"]);
    }

    [Fact]
    public async Task Setups_of_one_name_are_refused()
    {
        var error = await Assert.ThrowsAsync<WaException>(() => MigrationStarter.StartAsync(
            Options() with { Destination = DescribedSetup.Named("OLD", "https://new.example:9090") },
            console.Operation()));

        Assert.Equal("SetupsHaveSameName", error.ErrorId);
        Assert.False(Directory.Exists(Target));
    }

    [Theory]
    [InlineData(WaMigrationSide.Both)]
    [InlineData(WaMigrationSide.Source)]
    [InlineData(WaMigrationSide.Destination)]
    public async Task A_side_needs_its_setup(WaMigrationSide side)
    {
        var error = await Assert.ThrowsAsync<WaException>(() => MigrationStarter.StartAsync(
            Options() with { Side = side, Source = null, Destination = null },
            console.Operation()));

        Assert.Equal("SetupNeeded", error.ErrorId);
        Assert.False(Directory.Exists(Target));
    }

    [Fact]
    public async Task Both_setups_journal_into_the_folder_while_it_is_open_and_not_afterwards()
    {
        var options = Options();
        using (var migration = await MigrationStarter.StartAsync(options, console.Operation()))
        {
            Assert.True(options.Source!.Journal.IsKept);
            Assert.Same(options.Source, options.Destination!.Counterpart);
            options.Destination.Journal.Write("healthy", "new");
            Assert.NotNull(migration.Current.Last("new", "healthy"));
        }

        Assert.False(options.Source!.Journal.IsKept);
        Assert.False(options.Destination!.Journal.IsKept);
        Assert.Null(options.Destination.Counterpart);
    }

    public void Dispose() => folder.Dispose();

    private Task<WaMigration> StartAsync() => MigrationStarter.StartAsync(Options(), console.Operation());

    private StartOptions Options() => new()
    {
        Path = Target,
        Option = 1,
        Source = DescribedSetup.Named("old", "https://old.example:9090", "15550001", "db1"),
        Destination = DescribedSetup.Named("new", "https://new.example:9090"),
    };

    private IReadOnlyList<(string Name, string Content)> Picture() =>
    [
        .. Directory.GetFiles(Target)
            .Where(file => Path.GetFileName(file) is not ("run.json" or "run.lock"))
            .OrderBy(file => file, StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file))),
    ];
}
