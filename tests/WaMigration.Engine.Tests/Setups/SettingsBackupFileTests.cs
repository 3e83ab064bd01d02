using System.Text;
using System.Text.Json.Nodes;
using WaMigration.Engine.Tests.Api;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;
using WaMigration.Setups.Settings;

namespace WaMigration.Engine.Tests.Setups;

public sealed class SettingsBackupFileTests
{
    private const string Data = "AAAA+/=\n\u00e9\u4e2d opaque";

    [Fact]
    public async Task What_was_sealed_is_opened_with_its_password()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);

        var opened = await SettingsBackupFile.ReadAsync(path, Secret.Conceal("pw"), ScriptedSetup.Operation());

        Assert.Equal(Data, opened.Data);
        Assert.Equal("16315551019", opened.Backup.PhoneNumber);
        Assert.Equal((2, 3, 2), (opened.Backup.Topology.Masters, opened.Backup.Topology.Coreapps, opened.Backup.Topology.Shards));
        Assert.Equal("2.53.1", opened.Backup.ClientVersion);
        Assert.Equal("old", opened.Backup.Setup);
        Assert.Equal(JournalStory.Noon, opened.Backup.CreatedAt);
        Assert.Equal(64, opened.Backup.Sha256.Length);
    }

    [Fact]
    public void The_header_is_read_without_the_password_and_the_data_is_not()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);

        Assert.Equal("16315551019", SettingsBackupFile.ReadHeader(path).PhoneNumber);
        Assert.DoesNotContain("opaque", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_password_is_a_wrong_password()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync("WrongBackupPassword", Written(folder), "other");
    }

    [Fact]
    public async Task A_file_that_was_cut_anywhere_is_damaged()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 60, whole.Length / 2, whole.Length - 3 })
        {
            await File.WriteAllBytesAsync(path, whole[..length], TestContext.Current.CancellationToken);
            await FailsAsync("BackupDamaged", path);
        }
    }

    [Theory]
    [InlineData("\"16315551019\"", "\"16315550000\"")]
    [InlineData("\"shards\": 2", "\"shards\": 4")]
    [InlineData("\"masters\": 2,", "")]
    [InlineData("\"data\": \"V", "\"data\": \"W")]
    public async Task A_file_that_was_edited_is_damaged(string what, string with)
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        var text = File.ReadAllText(path);
        Assert.Contains(what, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(what, with, StringComparison.Ordinal));

        await FailsAsync("BackupDamaged", path);
    }

    [Fact]
    public async Task A_header_that_was_forged_with_its_checksum_is_not_opened()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        var file = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        var header = (JsonObject)file["header"]!;
        header["shards"] = 4;
        var context = "WaMigration.SettingsBackup/1\n" + header.ToJsonString();
        file["sha256"] = Sha256.Hex(Encoding.UTF8.GetBytes(context + "\n" + (string)file["data"]!));
        File.WriteAllText(path, file.ToJsonString());

        await FailsAsync("WrongBackupPassword", path);
    }

    [Fact]
    public async Task White_space_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        File.WriteAllText(path, JsonNode.Parse(File.ReadAllText(path))!.ToJsonString());

        Assert.Equal(Data, (await SettingsBackupFile.ReadAsync(path, Secret.Conceal("pw"), ScriptedSetup.Operation())).Data);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("""{"settings":{"data":"AAAA"}}""")]
    [InlineData("[1]")]
    public async Task Something_else_is_not_recognised(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x"), content);

        await FailsAsync("BackupNotRecognised", folder.File("x"));
    }

    [Fact]
    public async Task A_newer_format_says_so()
    {
        using var folder = new TemporaryFolder();
        var path = Written(folder);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));

        await FailsAsync("BackupFormatNewer", path);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();

        await FailsAsync("BackupMissing", folder.File("none"));
        await FailsAsync("BackupMissing", Path.Combine(folder.File("none"), "none"));
    }

    private static string Written(TemporaryFolder folder)
    {
        var topology = new WaTopology(2, 3, 1, 2, "2.53.1", WaDatabaseEngine.PostgreSql, true, []);
        var backup = new WaSettingsBackup(string.Empty, "old", "16315551019", "2.53.1", topology, JournalStory.Noon, string.Empty);
        var path = folder.File("backup");
        PrivateFiles.Replace(path, SettingsBackupFile.Seal(backup, Data, Secret.Conceal("pw")));
        return path;
    }

    private static async Task FailsAsync(string id, string path, string password = "pw")
    {
        var failure = await ScriptedSetup.ThrowsAsync<WaException>(id, () => SettingsBackupFile.ReadAsync(path, Secret.Conceal(password), ScriptedSetup.Operation()));
        Assert.Equal(path, failure.Target);
    }
}
