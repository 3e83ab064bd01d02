using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Settings;

public sealed class SettingsTests(OldClient client) : IClassFixture<OldClient>
{
    private const string SetSettings = ",WaMigration.Commands.SetWaSettingsCommand";
    private const string SetCertificate = ",WaMigration.Commands.SetWaCertificateCommand";
    private const string NewUser = ",WaMigration.Commands.NewWaUserCommand";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_are_read_changed_and_reset()
    {
        var lab = client.Lab;

        Assert.Equal(3000, Setting(lab, "callback_backoff_delay_ms"));
        Assert.Equal(6, lab.Run("(Get-WaSettings $old).media.auto_download").MustSucceed().Output.Count);

        Assert.Empty(lab.Run("Set-WaSettings $old @{ callback_backoff_delay_ms = 4000; media = @{ auto_download = 'image', 'audio' } }").MustSucceed().Warnings);
        Assert.Equal(4000, Setting(lab, "callback_backoff_delay_ms"));
        Assert.Equal(2, lab.Run("(Get-WaSettings $old).media.auto_download").MustSucceed().Output.Count);

        // What was read can be changed and handed back as it is.
        var changed = lab.Run("$s = Get-WaSettings $old; $s.callback_persist = $false; Set-WaSettings $old $s").MustSucceed();
        Assert.Contains("callback_persist", Assert.Single(changed.Warnings), StringComparison.Ordinal);
        Assert.Equal(false, Setting(lab, "callback_persist"));

        var file = Path.Combine(lab.Lab.Folder, "settings.json");
        await File.WriteAllTextAsync(file, """{"settings":{"application":{"callback_persist":true,"wa_id":"1"}}}""", Stop);
        lab.Run("param($f) Set-WaSettings $old -Path $f -WarningAction SilentlyContinue", ("f", file)).MustSucceed();
        Assert.Equal(true, Setting(lab, "callback_persist"));

        await File.WriteAllTextAsync(file, "nothing", Stop);
        lab.Refuses("SettingsNotUsable" + SetSettings, "param($f) Set-WaSettings $old -Path $f", ("f", file));
        lab.Refuses("ApiRefused" + SetSettings, "Set-WaSettings $old @{ callback_persist = 'perhaps' }");
        lab.Refuses("SettingsNotUsable" + SetSettings, "Set-WaSettings $old @{}");

        lab.Run("Reset-WaSettings $old").MustSucceed();
        Assert.Equal(3000, Setting(lab, "callback_backoff_delay_ms"));
    }

    [Fact]
    public async Task Certificates_and_media_providers_are_shown_set_and_removed()
    {
        var lab = client.Lab;
        var file = Path.Combine(lab.Lab.Folder, "ca.pem");
        await File.WriteAllTextAsync(file, lab.Lab.Webhook.CaPem, Stop);

        lab.Run("param($f) Set-WaCertificate $old Webhook $f -WarningAction SilentlyContinue", ("f", file)).MustSucceed();
        Assert.Matches("^[0-9A-F]{64}$", (string)lab.Run("Get-WaCertificate $old -Kind Webhook").Property("Thumbprint")!);
        Assert.Single(lab.Run("Set-WaCertificate $old -RemoveWebhookCa").MustSucceed().Warnings);
        Assert.Empty(lab.Run("Get-WaCertificate $old -Kind Webhook").MustSucceed().Output);
        lab.Refuses("CertificateNotUsable" + SetCertificate, "param($f) Set-WaCertificate $old External $f", ("f", file));
        lab.Refuses("CertificateFileMissing" + SetCertificate, "Set-WaCertificate $old Webhook /nowhere.pem");

        lab.Shell.Set("bearer", SetupLab.Secret("provider-token"));
        lab.Run("Set-WaMediaProvider $old shop @{ bearer = $bearer }").MustSucceed();
        Assert.Equal("shop", lab.Run("Get-WaMediaProvider $old sh*").Property("name"));
        lab.Run("Set-WaMediaProvider $old shop -Remove").MustSucceed();
        Assert.Empty(lab.Run("Get-WaMediaProvider $old").MustSucceed().Output);
    }

    [Fact]
    public void Two_step_verification_is_turned_off_and_on()
    {
        var lab = client.Lab;
        lab.Shell.Set("pin", SetupLab.Secret("123456"));
        lab.Shell.Set("bad", SetupLab.Secret("12345"));

        lab.Run("Disable-WaTwoStepVerification $old").MustSucceed();
        lab.Run("Enable-WaTwoStepVerification $old $pin").MustSucceed();

        lab.Refuses("PinNotUsable,WaMigration.Commands.EnableWaTwoStepVerificationCommand", "Enable-WaTwoStepVerification $old $bad");
    }

    [Fact]
    public void Users_are_created_shown_changed_and_removed()
    {
        var lab = client.Lab;
        lab.Shell.Set("password", SetupLab.Secret("Str0ng-Passw0rd!"));
        lab.Shell.Set("weak", SetupLab.Secret("weak"));

        Assert.Equal("ROLE_ADMIN", lab.Run("Get-WaUser $old").Property("Role"));
        Assert.Equal("anna", lab.Run("New-WaUser $old anna $password").Property("Name"));
        lab.Refuses("UserExists" + NewUser, "New-WaUser $old anna $password");
        lab.Refuses("WeakPassword" + NewUser, "New-WaUser $old berta $weak");
        lab.Refuses("UserNameNotUsable" + NewUser, "New-WaUser $old 'a b c' $password");
        lab.Refuses("UserCannotBeRemoved,WaMigration.Commands.RemoveWaUserCommand", "Remove-WaUser $old admin");
        lab.Run("Set-WaUser $old anna $password; Remove-WaUser $old anna").MustSucceed();
        Assert.Equal(["ApiNotFound"], lab.Run("Get-WaUser $old anna").ErrorIds);

        // A session goes on under the password that it gave itself.
        lab.Run("Set-WaUser $old admin $password; $null = Connect-WaSetup -Setup $old").MustSucceed();
    }

    private static object? Setting(SetupLab lab, string name) => lab.Run($"(Get-WaSettings $old).{name}").Single().BaseObject;
}
