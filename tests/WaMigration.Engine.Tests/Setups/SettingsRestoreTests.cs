using Microsoft.AspNetCore.Http;
using WaMigration.Engine.Tests.Api;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Engine.Tests.Setups;

public sealed class SettingsRestoreTests : IAsyncLifetime
{
    private const string Restore = "POST /v1/settings/restore";
    private const string Health = "GET /v1/health";
    private const string Support = "GET /v1/support";
    private const string Number = "16315551019";

    private readonly TemporaryFolder folder = new();
    private readonly MemoryJournal journal = new();
    private readonly RecordingConsole console = new();
    private ScriptedApi api = null!;
    private WaSetup destination = null!;
    private volatile string? registered;

    private string Backup => folder.File("backup");

    private string Hash => SettingsBackupFile.ReadHeader(Backup).Sha256;

    public async ValueTask InitializeAsync()
    {
        api = await ScriptedApi.StartAsync();
        destination = ScriptedSetup.Open(ScriptedSetup.Options(api) with { Name = "new" });
        destination.Journal = journal;
        api.On(Health, AsItIs(number => $$$"""{"health":{"gateway_status":"{{{(number is null ? "unregistered" : "connected")}}}"}}"""));
        api.On(Support, AsItIs(number => $$$"""{"support":{"debug_info":"{{{number ?? "unregistered"}}}","version":"2.53.1","db_engine":"PGSQL"}}"""));
        api.On("GET /v1/account/shards", ScriptedApi.Error(500, 1014, "Internal error"));
        api.On(Restore, Done());
        Write(new WaTopology(null, null, null, null, "2.53.1", WaDatabaseEngine.PostgreSql, false, []));
    }

    public async ValueTask DisposeAsync()
    {
        folder.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task A_restore_is_written_down_before_it_is_sent_and_after_its_answer()
    {
        string[] atRequest = [];
        api.On(Restore, async context =>
        {
            atRequest = [.. journal.Kinds];
            registered = Number;
            await ScriptedApi.Json("null")(context);
        });

        await RunAsync();

        Assert.Contains(JournalKinds.RestoreSending, atRequest);
        Assert.DoesNotContain(JournalKinds.RestoreAnswered, atRequest);
        Assert.Equal(JournalKinds.RestoreAnswered, journal.Kinds[^1]);
        Assert.Equal(Hash, journal.Last(JournalKinds.RestoreSending, "new")!.Values["sha256"]);
        Assert.Equal(Number, destination.PhoneNumber);
    }

    [Fact]
    public async Task A_registered_client_is_refused()
    {
        registered = Number;

        await FailsAsync("ClientIsRegistered");
    }

    [Fact]
    public async Task A_client_of_another_number_is_refused_whatever_is_allowed()
    {
        registered = "15550000000";

        await FailsAsync("BackupOfAnotherNumber", new RestoreOptions { AllowRegistered = true });
    }

    [Fact]
    public async Task A_backup_of_another_number_than_the_source_has_is_refused()
    {
        destination.Counterpart = DescribedSetup.Named("old", "https://old.example:9090", "15550000000");

        await FailsAsync("BackupOfAnotherNumber");
    }

    [Fact]
    public async Task A_client_that_does_not_say_whether_it_is_registered_is_left_alone()
    {
        api.On(Health, ScriptedApi.Json("""{"health":{"gateway_status":"uninitialized"}}"""));

        await FailsAsync("ClientNotReady");
    }

    [Fact]
    public async Task Without_a_word_about_the_old_client_nothing_is_sent()
    {
        await FailsAsync("SourceNotProvedStopped", new RestoreOptions());
    }

    [Fact]
    public async Task A_wrong_password_is_found_before_anything_is_asked()
    {
        await ScriptedSetup.ThrowsAsync<WaException>("WrongBackupPassword", () => SettingsRestore.RunAsync(destination, Backup, Secret.Conceal("other"), Stated(), ScriptedSetup.Operation()));

        Assert.Empty(api.Requests);
    }

    [Theory]
    [InlineData(1, 3, 2, "2 Masters where the backup has 1")]
    [InlineData(2, 2, 2, "3 Coreapps where the backup has 2")]
    [InlineData(2, 3, 4, "2 shards where the backup has 4")]
    public async Task Another_topology_is_refused_and_named(int masters, int coreapps, int shards, string what)
    {
        Multiconnect(shards: 2);
        Write(new WaTopology(masters, coreapps, 1, shards, "2.53.1", WaDatabaseEngine.PostgreSql, true, []));

        Assert.Contains(what, (await FailsAsync("TopologyDiffers")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topology_that_cannot_be_read_is_not_taken_for_equal()
    {
        Multiconnect(shards: null);
        Write(new WaTopology(2, 3, 1, 2, "2.53.1", WaDatabaseEngine.PostgreSql, true, []));

        var failure = await FailsAsync("TopologyUnknown");
        Assert.Contains("shards", failure.Message, StringComparison.Ordinal);

        await RunAsync(Stated() with { Shards = 2 });
        Assert.Equal(1, api.Count(Restore));
    }

    [Fact]
    public async Task A_gap_in_the_backup_is_not_taken_for_equal()
    {
        Multiconnect(shards: 2);
        Write(new WaTopology(2, 3, 1, null, "2.53.1", WaDatabaseEngine.PostgreSql, true, []));

        Assert.Contains("in the backup", (await FailsAsync("TopologyUnknown")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_of_a_restore_that_was_taken_is_found_out()
    {
        api.On(Restore, async context =>
        {
            registered = Number;
            await ScriptedApi.Cut(context);
        });

        await RunAsync();

        Assert.Equal(1, api.Count(Restore));
        Assert.Equal(JournalKinds.RestoreFoundDone, journal.Kinds[^1]);
    }

    [Fact]
    public async Task A_lost_answer_of_a_restore_that_was_not_taken_stays_open()
    {
        api.On(Restore, ScriptedApi.Cut);

        var failure = await ScriptedSetup.ThrowsAsync<WaException>("RestoreOutcomeUnknown", () => RunAsync(Stated() with { OutcomeWait = TimeSpan.FromSeconds(1) }));

        Assert.Contains("Undo-WaMigration", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(JournalKinds.RestoreSending, journal.Kinds[^1]);
        Assert.Equal(1, api.Count(Restore));
    }

    [Fact]
    public async Task A_run_that_goes_on_finds_the_restore_done_and_sends_none()
    {
        SentEarlier(TimeSpan.FromSeconds(2));
        registered = Number;

        await RunAsync(new RestoreOptions());

        Assert.Equal(0, api.Count(Restore));
        Assert.Equal(JournalKinds.RestoreFoundDone, journal.Kinds[^1]);
    }

    [Fact]
    public async Task A_run_that_goes_on_sends_again_what_surely_was_not_taken()
    {
        SentEarlier(TimeSpan.FromMinutes(2));

        await RunAsync();

        Assert.Equal(1, api.Count(Restore));
        Assert.Equal(JournalKinds.RestoreAnswered, journal.Kinds[^1]);
    }

    [Fact]
    public async Task A_run_that_goes_on_waits_while_the_request_may_still_be_at_work()
    {
        SentEarlier(TimeSpan.Zero);
        var late = RegisterLaterAsync();

        await RunAsync(Stated() with { OutcomeWait = TimeSpan.FromSeconds(20) });
        await late;

        Assert.Equal(0, api.Count(Restore));
        Assert.Equal(JournalKinds.RestoreFoundDone, journal.Kinds[^1]);
    }

    [Fact]
    public async Task A_backup_that_was_restored_is_not_restored_again()
    {
        SentEarlier(TimeSpan.FromMinutes(2));
        journal.Add(DateTimeOffset.UtcNow, JournalKinds.RestoreAnswered, "new", ("sha256", Hash));
        registered = Number;

        await RunAsync();

        Assert.Equal(0, api.Count(Restore));
        Assert.Contains(console.Lines, line => line.StartsWith("warning:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_was_restored_and_is_unregistered_is_for_a_person_to_look_at()
    {
        journal.Add(DateTimeOffset.UtcNow, JournalKinds.RestoreAnswered, "new", ("sha256", Hash));

        await FailsAsync("RestoreOutcomeUnknown");
    }

    [Fact]
    public async Task A_refusal_is_written_down_and_can_be_repeated()
    {
        api.On(Restore, ScriptedApi.Error(400, 1009, "Parameter value is not valid", "made with 4 shards"), Done());

        var failure = await ScriptedSetup.ThrowsAsync<WaException>("RestoreRefused", () => RunAsync());
        Assert.Contains("made with 4 shards", failure.Message, StringComparison.Ordinal);
        Assert.Equal(JournalKinds.RestoreRefused, journal.Kinds[^1]);

        await RunAsync();
        Assert.Equal(JournalKinds.RestoreAnswered, journal.Kinds[^1]);
    }

    [Fact]
    public async Task An_error_within_the_client_is_looked_at_before_it_is_believed()
    {
        api.On(Restore, ScriptedApi.Error(500, 1014, "Internal error"));
        await ScriptedSetup.ThrowsAsync<WaException>("RestoreRefused", () => RunAsync());

        api.On(Restore, async context =>
        {
            registered = Number;
            await ScriptedApi.Error(500, 1014, "Internal error")(context);
        });
        await RunAsync();

        Assert.Equal(JournalKinds.RestoreFoundDone, journal.Kinds[^1]);
    }

    [Fact]
    public async Task A_registered_client_that_may_be_restored_onto_asks_for_a_restart()
    {
        registered = Number;

        await RunAsync(new RestoreOptions { AllowRegistered = true });

        Assert.Equal(1, api.Count(Restore));
        Assert.Contains(console.Lines, line => line.Contains("docker restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_what_if_everything_is_checked_and_nothing_sent()
    {
        await SettingsRestore.RunAsync(destination, Backup, Secret.Conceal("pw"), Stated(), ScriptedSetup.Operation(console, planOnly: true));

        Assert.Equal(0, api.Count(Restore));
        Assert.Empty(journal.Kinds);
        Assert.Contains(console.Lines, line => line.StartsWith("what if:", StringComparison.Ordinal) && line.Contains(Number, StringComparison.Ordinal));
        Assert.NotEqual(0, api.Count(Health));
    }

    [Fact]
    public async Task Under_what_if_a_destination_that_is_not_there_yet_is_not_contacted()
    {
        destination.State = WaSetupState.NotInstalled;

        await SettingsRestore.RunAsync(destination, Backup, Secret.Conceal("pw"), Stated(), ScriptedSetup.Operation(console, planOnly: true));
        await SettingsRestore.RunAsync(destination, folder.File("later"), Secret.Conceal("pw"), Stated(), ScriptedSetup.Operation(console, planOnly: true));

        Assert.Empty(api.Requests);
        Assert.Contains(console.Lines, line => line.Contains(folder.File("later"), StringComparison.Ordinal));
    }

    private static RestoreOptions Stated() => new() { SourceStoppedStatedBy = "Ann" };

    private Task RunAsync(RestoreOptions? options = null) =>
        SettingsRestore.RunAsync(destination, Backup, Secret.Conceal("pw"), options ?? Stated(), ScriptedSetup.Operation(console));

    private async Task<WaException> FailsAsync(string id, RestoreOptions? options = null)
    {
        var failure = await ScriptedSetup.ThrowsAsync<WaException>(id, () => RunAsync(options));
        Assert.Equal(0, api.Count(Restore));
        Assert.DoesNotContain(JournalKinds.RestoreSending, journal.Kinds);
        return failure;
    }

    private void SentEarlier(TimeSpan ago) => journal.Add(DateTimeOffset.UtcNow - ago, JournalKinds.RestoreSending, "new", ("sha256", Hash), ("wasRegistered", "False"));

    private async Task RegisterLaterAsync()
    {
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        registered = Number;
    }

    private RequestDelegate Done() => async context =>
    {
        registered = Number;
        await ScriptedApi.Json("{}")(context);
    };

    private RequestDelegate AsItIs(Func<string?, string> body) => context => ScriptedApi.Json(body(registered))(context);

    private void Write(WaTopology topology) => PrivateFiles.Replace(
        Backup,
        SettingsBackupFile.Seal(
            new WaSettingsBackup(Backup, "old", Number, "2.53.1", topology, DateTimeOffset.UtcNow, string.Empty),
            "opaque",
            Secret.Conceal("pw")));

    /// <summary>Two Masters and three Coreapps, unregistered.</summary>
    private void Multiconnect(int? shards)
    {
        api.On(Health, AsItIs(number =>
        {
            var status = number is null ? "unregistered" : "connecting";
            return $$$$"""
                {"health":{
                 "m1:a":{"gateway_status":"{{{{status}}}}","role":"primary_master"},"m2:b":{"gateway_status":"{{{{status}}}}","role":"secondary_master"},
                 "c1:c":{"gateway_status":"{{{{status}}}}","role":"coreapp"},"c2:d":{"gateway_status":"{{{{status}}}}","role":"coreapp"},
                 "c3:e":{"gateway_status":"{{{{status}}}}","role":"coreapp"}}}
                """;
        }));
        api.On(
            "GET /v1/account/shards",
            shards is null ? ScriptedApi.Error(500, 1014, "Internal error") : ScriptedApi.Json($$$$"""{"account":{"shards":{{{{shards}}}}}}"""));
    }
}
