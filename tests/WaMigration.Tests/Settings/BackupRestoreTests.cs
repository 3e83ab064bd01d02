using System.Text.RegularExpressions;
using WaLab;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Settings;

public sealed class BackupRestoreTests
{
    private const string BackupCommand = ",WaMigration.Commands.BackupWaSettingsCommand";
    private const string RestoreCommand = ",WaMigration.Commands.RestoreWaSettingsCommand";
    private const string Backup = "Backup-WaSettings $old $backupPath $backupPassword";
    private const string Restore = "Restore-WaSettings $new $backupPath $backupPassword -Source $old";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_settings_and_with_them_the_number_move_to_a_new_client()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);

        var backup = lab.Run(Backup);
        Assert.Equal(lab.Lab.Number, backup.Property("PhoneNumber"));
        Assert.Equal(lab.BackupPath, backup.Property("Path"));
        Assert.Equal("2.53.1", backup.Property("ClientVersion"));
        Assert.DoesNotContain(SetupLab.BackupPassword, await File.ReadAllTextAsync(lab.BackupPath, Stop), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(lab.BackupPath));
        }

        lab.Run("$null = Stop-WaClient $old").MustSucceed();
        lab.Run(Restore).MustSucceed();
        var health = lab.Run("Test-WaHealth $new -Wait -TimeoutSec 120");

        Assert.Equal("Healthy", health.Property("Status")!.ToString());
        Assert.Equal(lab.Lab.Number, lab.Run("$null = Connect-WaSetup -Setup $new; $new").Property("PhoneNumber"));
        var number = await lab.Lab.Service.GetNumberAsync(lab.Lab.Number, Stop);
        Assert.Equal(1, number.Restores);
        Assert.Equal(0, number.Kicks);

        // It is the client's now: a second restore is refused.
        lab.Refuses("ClientIsRegistered" + RestoreCommand, Restore);
    }

    [Fact]
    public async Task What_would_harm_is_refused_by_its_name_and_changes_nothing()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);
        lab.Run(Backup).MustSucceed();
        lab.Shell.Set("wrong", SetupLab.Secret("wrong"));

        await lab.ChangesNothingAsync(() =>
        {
            lab.Refuses("BackupExists" + BackupCommand, Backup);
            lab.Refuses("ClientNotRegistered" + BackupCommand, "Backup-WaSettings $new \"$backupPath-2\" $backupPassword");
            lab.Refuses("BackupFolderMissing" + BackupCommand, "Backup-WaSettings $old /nowhere/backup $backupPassword");
            lab.Refuses("WrongBackupPassword" + RestoreCommand, "Restore-WaSettings $new $backupPath $wrong -Source $old");
            lab.Refuses("BackupMissing" + RestoreCommand, "Restore-WaSettings $new /nowhere/backup $backupPassword -Source $old");
            lab.Refuses("ClientIsRegistered" + RestoreCommand, "Restore-WaSettings $old $backupPath $backupPassword -SourceStopped");
            lab.Refuses("SourceNotProvedStopped" + RestoreCommand, "Restore-WaSettings $new $backupPath $backupPassword");
            lab.Refuses("SourceStillRunning" + RestoreCommand, Restore);
            lab.Refuses("SourceStillRunning" + RestoreCommand, Restore + " -SourceStopped");

            var text = File.ReadAllText(lab.BackupPath);
            File.WriteAllText(lab.BackupPath, text[..(text.Length / 2)]);
            lab.Refuses("BackupDamaged" + RestoreCommand, Restore);
            File.WriteAllText(lab.BackupPath, text.Replace(lab.Lab.Number, "15550000000", StringComparison.Ordinal));
            lab.Refuses("BackupDamaged" + RestoreCommand, Restore);
            File.WriteAllText(lab.BackupPath, "hello");
            lab.Refuses("BackupNotRecognised" + RestoreCommand, Restore);
        });

        Assert.Equal(0, (await lab.Lab.Service.GetNumberAsync(lab.Lab.Number, Stop)).Restores);
        await lab.Lab.Old.WaitHealthyAsync(cancellationToken: Stop);
    }

    [Fact]
    public async Task A_backup_of_another_number_is_refused()
    {
        await using var other = await SetupLab.StartAsync();
        other.Run(Backup).MustSucceed();
        await using var lab = await SetupLab.StartAsync(newInstalled: true);
        File.Copy(other.BackupPath, lab.BackupPath);

        lab.Refuses("BackupOfAnotherNumber" + RestoreCommand, Restore);
        lab.Refuses("BackupOfAnotherNumber" + RestoreCommand, "Restore-WaSettings $old $backupPath $backupPassword -AllowRegistered");
    }

    [Theory]
    [InlineData(2, 2, 1, "2 Masters where the backup has 1")]
    [InlineData(1, 3, 1, "3 Coreapps where the backup has 2")]
    [InlineData(1, 2, 2, "2 shards where the backup has 1")]
    public async Task Another_topology_is_refused_and_named(int masters, int coreapps, int shards, string what)
    {
        await using var lab = await SetupLab.StartAsync(new LabOptions
        {
            Topology = new LabTopology(1, 2, 1),
            NewTopology = new LabTopology(masters, coreapps, shards),
            NewInstalled = true,
        });
        lab.Run(Backup).MustSucceed();

        await lab.ChangesNothingAsync(() =>
            Assert.Contains(what, lab.Refuses("TopologyDiffers" + RestoreCommand, Restore).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shards_that_cannot_be_read_before_registration_are_asked_for()
    {
        await using var lab = await SetupLab.StartAsync(new LabOptions
        {
            Topology = new LabTopology(1, 2, 1),
            NewInstalled = true,
            ShardsReadableUnregistered = false,
        });
        lab.Run(Backup).MustSucceed();

        lab.Refuses("TopologyUnknown" + RestoreCommand, Restore);
        lab.Refuses("TopologyDiffers" + RestoreCommand, Restore + " -Shards 2");
        lab.Refuses("SourceStillRunning" + RestoreCommand, Restore + " -Shards 1");
    }

    [Fact]
    public async Task A_restore_whose_answer_is_lost_is_found_done_and_sent_once()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);
        lab.Run(Backup).MustSucceed();
        lab.Run("$null = Stop-WaClient $old").MustSucceed();
        lab.Lab.ProxyOf(LabLink.NewApi).Cut(WaLab.Proxies.HoldPoint.AfterEffect, "POST", "/v1/settings/restore");

        var result = lab.Run(Restore).MustSucceed();

        Assert.Single(result.Warnings);
        Assert.Equal("Healthy", lab.Run("Test-WaHealth $new -Wait -TimeoutSec 120").Property("Status")!.ToString());
        Assert.Equal(1, (await lab.Lab.Service.GetNumberAsync(lab.Lab.Number, Stop)).Restores);
    }

    [Fact]
    public async Task Settings_are_restored_onto_their_own_registered_client_when_that_is_allowed()
    {
        await using var lab = await SetupLab.StartAsync();
        lab.Run(Backup).MustSucceed();
        lab.Run("Set-WaSettings $old @{ show_security_notifications = $false }").MustSucceed();

        lab.Run("Restore-WaSettings $old $backupPath $backupPassword -AllowRegistered").MustSucceed();

        Assert.Equal("Healthy", lab.Run("Test-WaHealth $old -Wait -TimeoutSec 120").Property("Status")!.ToString());
        Assert.Equal(true, lab.Run("(Get-WaSettings $old).show_security_notifications").Single().BaseObject);
    }

    [Fact]
    public async Task A_plan_says_what_it_would_write_and_restore_and_does_neither()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);

        await lab.ChangesNothingAsync(() =>
        {
            var plan = lab.Run(Backup + " -WhatIf; " + Restore + " -WhatIf").MustSucceed();
            Assert.Empty(plan.Output);
            Assert.Equal(2, plan.WhatIfLines.Count);
            Assert.All(plan.WhatIfLines, line => Assert.Matches(Regex.Escape(lab.BackupPath), line));
        });
        Assert.False(File.Exists(lab.BackupPath));
    }
}
