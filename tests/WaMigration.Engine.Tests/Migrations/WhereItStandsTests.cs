using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>Who serves the number, the next command, the way back.</summary>
public sealed class WhereItStandsTests
{
    [Fact]
    public void Before_the_old_client_goes_it_serves_and_the_way_back_costs_nothing()
    {
        var migration = new JournalStory().Old(JournalKinds.BackupWritten).Seen();

        Assert.Equal(WaServedBy.Source, migration.ServedBy);
        Assert.Contains("costs nothing", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void What_step_3_changed_is_part_of_the_way_back()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.WebhookClearing)
            .Old(JournalKinds.TwoStepDisabling)
            .With(record => record with { SourceFacts = new SourceFacts { WebhookUri = "https://hook.example/x" } })
            .Seen();

        Assert.Contains("https://hook.example/x", migration.WayBack, StringComparison.Ordinal);
        Assert.Contains("Enable-WaTwoStepVerification", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_old_client_stopped_nobody_serves_and_it_can_simply_be_started_again()
    {
        var migration = new JournalStory().Old(JournalKinds.WebappStopping).Old(JournalKinds.ClientStopping).Seen();

        Assert.Equal(WaServedBy.None, migration.ServedBy);
        Assert.Contains("Start-WaClient", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_old_client_removed_its_definitions_are_the_way_back()
    {
        var migration = new JournalStory().Old(JournalKinds.ClientStopping).Old(JournalKinds.ClientRemoving).Seen();

        Assert.Contains(Path.Combine("/m/1", "source-client.enc"), migration.WayBack, StringComparison.Ordinal);
        Assert.Contains("no restore was sent", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_that_was_refused_for_certain_is_no_restore()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.ClientRemoving)
            .New(JournalKinds.RestoreSending)
            .New(JournalKinds.RestoreRefused)
            .Seen();

        Assert.Equal(WaServedBy.None, migration.ServedBy);
        Assert.Contains("no restore was sent", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_of_unknown_outcome_is_said_and_the_old_client_must_not_simply_start()
    {
        var migration = new JournalStory().Old(JournalKinds.ClientRemoving).New(JournalKinds.RestoreSending).Seen();

        Assert.Equal(WaServedBy.Unknown, migration.ServedBy);
        Assert.Contains("outcome is not known", migration.WayBack, StringComparison.Ordinal);
        Assert.Contains("restore the same backup", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void Restored_and_not_healthy_yet_is_served_by_nobody()
    {
        var migration = new JournalStory().Old(JournalKinds.ClientRemoving).New(JournalKinds.RestoreSending).New(JournalKinds.RestoreAnswered).Seen();

        Assert.Equal(WaServedBy.None, migration.ServedBy);
    }

    [Fact]
    public void Restored_and_healthy_is_served_by_the_new_side_and_going_back_changes_the_security_code_again()
    {
        var migration = new JournalStory()
            .Old(JournalKinds.ClientRemoving)
            .New(JournalKinds.RestoreSending)
            .New(JournalKinds.RestoreAnswered)
            .New(JournalKinds.Healthy)
            .Seen();

        Assert.Equal(WaServedBy.Destination, migration.ServedBy);
        Assert.Contains("second change of the security code", migration.WayBack, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_command_connects_both_setups_and_calls_the_runbook_as_before()
    {
        var migration = new JournalStory().With(record => record with
        {
            Runbook = new RunbookCall("/r/Invoke-WaSettingsMigration.ps1",
            [
                new("Source", RunbookArgumentKind.Source),
                new("Destination", RunbookArgumentKind.Destination),
                new("Path", RunbookArgumentKind.Text, "/m/it's"),
                new("BackupPassword", RunbookArgumentKind.Secret),
                new("ResetWebhook", RunbookArgumentKind.Switch),
                new("Confirm", RunbookArgumentKind.Switch, "false"),
            ]),
        }).Seen();

        var lines = migration.NextCommand.Split(Environment.NewLine);
        Assert.Equal("$source = Connect-WaSetup -Name 'old' -ApiUri 'https://old.example:9090' -Credential 'admin' -DockerHost 'unix:///run/old.sock' -CertificateThumbprint 'AB12'", lines[0]);
        Assert.Equal("$destination = Connect-WaSetup -Name 'new' -ApiUri 'https://new.example:9090' -Credential 'admin' -NotInstalled", lines[1]);
        Assert.Equal(
            "& '/r/Invoke-WaSettingsMigration.ps1' -Source $source -Destination $destination -Path '/m/it''s' -BackupPassword (& { $Host.UI.Write('BackupPassword: '); $Host.UI.ReadLineAsSecureString() }) -ResetWebhook -Confirm:$false",
            lines[2]);
    }

    [Fact]
    public void A_removed_source_and_an_installed_destination_are_connected_as_such()
    {
        var migration = new JournalStory().New(JournalKinds.Installed).Old(JournalKinds.ClientRemoving).Seen();

        var lines = migration.NextCommand.Split(Environment.NewLine);
        Assert.EndsWith("-NotInstalled", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("-NotInstalled", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_that_is_not_installed_yet_gets_its_database_again_and_its_password_is_asked_for()
    {
        var migration = new JournalStory().With(record => record with
        {
            Destination = record.Destination! with
            {
                Database = new DatabaseRecord { Engine = WaDatabaseEngine.PostgreSql, Server = "db2", Port = 5432, UserName = "wa", NamePrefix = "new_" },
            },
        }).Seen();

        Assert.EndsWith(
            "-NotInstalled -DatabaseServer 'db2' -DatabasePort 5432 -DatabaseEngine PostgreSql -NamePrefix 'new_' -DatabaseCredential ([pscredential]::new('wa', (& { $Host.UI.Write('DatabaseCredential: '); $Host.UI.ReadLineAsSecureString() })))",
            migration.NextCommand.Split(Environment.NewLine)[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_client_that_initialises_does_not_make_the_old_one_look_down()
    {
        var migration = new JournalStory().New(JournalKinds.Installing).At(5);
        var starting = new WaHealth("new", WaHealthStatus.Starting, true, [new("a", "coreapp", "uninitialized", string.Empty)], ["starting"], JournalStory.Noon);
        var healthy = new WaHealth("old", WaHealthStatus.Healthy, true, [new("b", "coreapp", "connected", string.Empty)], [], JournalStory.Noon);

        Assert.Equal(WaServedBy.Source, Serving.FromHealth(migration, healthy, starting).By);
    }

    [Fact]
    public void After_a_restore_an_old_client_that_looks_connected_does_not_count()
    {
        var migration = new JournalStory().Old(JournalKinds.ClientStopping).New(JournalKinds.RestoreSending).At(5);
        var starting = new WaHealth("new", WaHealthStatus.Starting, true, [new("a", "coreapp", "connecting", string.Empty)], ["starting"], JournalStory.Noon);
        var healthy = new WaHealth("old", WaHealthStatus.Healthy, true, [new("b", "coreapp", "connected", string.Empty)], [], JournalStory.Noon);

        Assert.Equal(WaServedBy.None, Serving.FromHealth(migration, healthy, starting).By);
    }

    [Fact]
    public void A_completed_migration_watches_the_health_of_the_new_side()
    {
        var migration = new JournalStory().With(record => record with { State = WaMigrationState.AwaitingRetention }).Seen();

        Assert.Contains("Test-WaHealth", migration.NextCommand, StringComparison.Ordinal);
    }
}
