using System.Security;
using WaMigration.Migrations;
using WaMigration.Migrations.Checks;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>The backup and the secrets, looked at before the old client goes.</summary>
public sealed class CutOverCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingConsole console = new();
    private readonly SecureString password = Secret.Conceal("backup password");

    [Fact]
    public async Task A_backup_that_opens_with_the_password_passes_and_one_that_does_not_fails()
    {
        using var migration = await StartAsync();
        WriteBackup(migration, "15550001", DateTimeOffset.UtcNow);

        Assert.Equal(WaCheckStatus.Passed, (await LookAsync(migration, password))["Backup"].Status);
        Assert.Equal(WaCheckStatus.Failed, (await LookAsync(migration, Secret.Conceal("another")))["Backup"].Status);
        Assert.Equal(WaCheckStatus.Unknown, (await LookAsync(migration, null))["Backup"].Status);
    }

    [Fact]
    public async Task A_backup_cut_short_edited_or_missing_fails()
    {
        using var migration = await StartAsync();
        Assert.Equal(WaCheckStatus.Failed, (await LookAsync(migration, password))["Backup"].Status);

        WriteBackup(migration, "15550001", DateTimeOffset.UtcNow);
        var path = migration.SettingsBackupPath;
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.Equal(WaCheckStatus.Failed, (await LookAsync(migration, password))["Backup"].Status);

        File.WriteAllText(path, System.Text.Encoding.UTF8.GetString(whole).Replace("15550001", "15559999", StringComparison.Ordinal));
        Assert.Equal(WaCheckStatus.Failed, (await LookAsync(migration, password))["Backup"].Status);
    }

    [Fact]
    public async Task A_backup_of_another_number_fails()
    {
        using var migration = await StartAsync();
        WriteBackup(migration, "15559999", DateTimeOffset.UtcNow);

        Assert.Equal(WaCheckStatus.Failed, (await LookAsync(migration, password))["Backup"].Status);
    }

    [Fact]
    public async Task A_backup_older_than_the_last_change_of_the_old_side_fails_and_names_the_change()
    {
        using var migration = await StartAsync();
        WriteBackup(migration, "15550001", DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal(WaCheckStatus.Passed, (await LookAsync(migration, password))["BackupIsCurrent"].Status);

        migration.Run.JournalFile.Write(JournalKinds.WebhookCleared, "old");

        var check = (await LookAsync(migration, password))["BackupIsCurrent"];
        Assert.Equal(WaCheckStatus.Failed, check.Status);
        Assert.Contains("webhook-cleared", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_a_later_step_needs_and_is_not_here_fails()
    {
        using var migration = await StartAsync();
        Assert.Equal(WaCheckStatus.Passed, (await LookAsync(migration, password))["Secrets"].Status);

        migration.Run.SecretsGiven = [];

        var check = (await LookAsync(migration, password))["Secrets"];
        Assert.Equal(WaCheckStatus.Failed, check.Status);
        Assert.Contains("-TwoStepPin", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_with_a_wrong_password_is_refused_before_anything()
    {
        using (var migration = await StartAsync())
        {
            WriteBackup(migration, "15550001", DateTimeOffset.UtcNow);
            foreach (var number in Enumerable.Range(1, 4))
            {
                MigrationSteps.Begin(migration.Run, number, "x", null, console.Operation());
                MigrationSteps.Done(migration.Run, number);
            }
        }

        var before = File.ReadAllText(folder.File("m/migration.json"));
        var error = await Assert.ThrowsAsync<WaException>(() => StartAsync(Secret.Conceal("another")));

        Assert.Equal("WrongBackupPassword", error.ErrorId);
        Assert.Equal(before, File.ReadAllText(folder.File("m/migration.json")));
        (await StartAsync(password)).Dispose();
    }

    public void Dispose()
    {
        password.Dispose();
        folder.Dispose();
    }

    private Task<WaMigration> StartAsync(SecureString? backupPassword = null) => MigrationStarter.StartAsync(
        new StartOptions
        {
            Path = folder.File("m"),
            Option = 1,
            Source = DescribedSetup.Named("old", "https://old.example:9090", "15550001"),
            Destination = DescribedSetup.Named("new", "https://new.example:9090"),
            SecretsGiven = ["BackupPassword", "TwoStepPin"],
            SecretUntilStep = new Dictionary<string, int> { ["BackupPassword"] = 6, ["TwoStepPin"] = 8 },
            BackupPassword = backupPassword,
        },
        console.Operation());

    private void WriteBackup(WaMigration migration, string number, DateTimeOffset at)
    {
        var topology = new WaTopology(2, 3, 1, 2, "2.53.1", WaDatabaseEngine.PostgreSql, true, []);
        var backup = new WaSettingsBackup(migration.SettingsBackupPath, "old", number, "2.53.1", topology, at, string.Empty);
        File.WriteAllBytes(migration.SettingsBackupPath, SettingsBackupFile.Seal(backup, "opaque data", password));
    }

    private async Task<Dictionary<string, WaCheck>> LookAsync(WaMigration migration, SecureString? with)
    {
        var context = new CheckContext(null, null, migration.Run, with, console.Operation());
        return (await CheckRunner.RunAsync(WaCheckPhase.CutOver, context)).ToDictionary(check => check.Name);
    }
}
