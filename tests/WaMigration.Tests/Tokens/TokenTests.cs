using System.Security;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Tokens;

/// <summary>Tokens in files, and whose login a connection goes on with.</summary>
public sealed class TokenTests
{
    private const string BackupCommand = ",WaMigration.Commands.BackupWaTokenCommand";
    private const string RestoreCommand = ",WaMigration.Commands.RestoreWaTokenCommand";
    private const string TestCommand = ",WaMigration.Commands.TestWaTokenCommand";
    private const string Password = "Sh0p-Passw0rd!";
    private const string Backup = "Backup-WaToken $old $file $pw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_kept_proved_and_its_login_taken_over()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);
        var file = Prepare(lab);

        var kept = lab.Run(Backup + " -RequiredDuration 6.23:00:00");
        Assert.Equal("admin", kept.Property("UserName"));
        Assert.InRange((DateTimeOffset)kept.Property("ExpiresAt")!, DateTimeOffset.UtcNow.AddDays(6.9), DateTimeOffset.UtcNow.AddDays(7.1));
        var text = await File.ReadAllTextAsync(file, Stop);
        Assert.DoesNotContain(lab.Lab.Old.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        var seen = lab.Run("Test-WaToken $old $file $pw");
        Assert.Equal(true, seen.Property("IsAccepted"));
        Assert.InRange((TimeSpan)seen.Property("TimeLeft")!, TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
        Assert.Equal(true, lab.Run("Test-WaToken $old").Property("IsAccepted"));

        // Each setup has its own users and keys: what the one made, the other does not take.
        Assert.Equal(false, lab.Run("Test-WaToken $new $file $pw").Property("IsAccepted"));
        Assert.Equal(false, lab.Run("Test-WaToken $new -Source $old").Property("IsAccepted"));

        // A connection of somebody else goes on as the one that backed up.
        lab.Run("$null = New-WaUser $old shop $shopPw").MustSucceed();
        lab.Shell.Set("shop", (await ConnectAsync(lab, "shop")).Single());
        lab.Refuses("ApiAccessDenied,WaMigration.Commands.GetWaUserCommand", "Get-WaUser $shop admin");
        var restored = lab.Run("Restore-WaToken $shop $file $pw");
        Assert.Equal(true, restored.Property("IsAccepted"));
        Assert.Equal("admin", lab.Run("$shop").Property("UserName"));
        Assert.Equal("ROLE_ADMIN", lab.Run("Get-WaUser $shop admin").Property("Role"));

        // The application's own token, of a user who may not do everything.
        lab.Shell.Set("token", SetupLab.Secret(await TokenOfAsync(lab, "shop")));
        Assert.Equal(true, lab.Run("Test-WaToken $old -Token $token").Property("IsAccepted"));
        lab.Run("$null = Backup-WaToken $old $file $pw -Token $token -Force; $null = Remove-WaUser $old shop").MustSucceed();
        Assert.Equal(false, lab.Run("Test-WaToken $old $file $pw").Property("IsAccepted"));
    }

    [Fact]
    public async Task What_is_no_good_is_refused_by_its_name_and_the_connection_stays()
    {
        await using var lab = await SetupLab.StartAsync(newInstalled: true);
        var file = Prepare(lab);
        lab.Shell.Set("wrong", SetupLab.Secret("wrong"));
        lab.Shell.Set("empty", new SecureString());

        var planned = lab.Run(Backup + " -WhatIf; Restore-WaToken $new $file $pw -WhatIf").MustSucceed();
        Assert.Empty(planned.Output);
        Assert.Equal(2, planned.WhatIfLines.Count);
        Assert.False(File.Exists(file));

        var life = lab.Refuses("TokenTooShortLived" + BackupCommand, Backup + " -RequiredDuration 7.00:00:01").Exception.Message;
        Assert.Matches(@"another 6\.23:\d\d:\d\d, and 7\.00:00:01 are needed", life);
        Assert.False(File.Exists(file));
        lab.Refuses("TokenFilePasswordEmpty" + BackupCommand, "Backup-WaToken $old $file $empty");
        lab.Refuses("TokenFileNotWritten" + BackupCommand, "Backup-WaToken $old /nowhere/token $pw");
        lab.Refuses("LoginRefused" + BackupCommand, Backup + " -Credential $credential", ("credential", SetupLab.Credential("admin", "Wrong-Passw0rd!")));
        lab.Refuses("TokenNotAccepted" + BackupCommand, Backup + " -Token $wrong");
        lab.Refuses("TokenFileMissing" + TestCommand, "Test-WaToken $old $file $pw");

        lab.Run(Backup).MustSucceed();
        lab.Refuses("TokenFileExists" + BackupCommand, Backup);
        lab.Refuses("WrongTokenFilePassword" + RestoreCommand, "Restore-WaToken $new $file $wrong");
        lab.Refuses("TokenNotAccepted" + RestoreCommand, "Restore-WaToken $new $file $pw");
        Assert.Equal("ROLE_ADMIN", lab.Run("Get-WaUser $new admin").Property("Role"));

        var text = await File.ReadAllTextAsync(file, Stop);
        await File.WriteAllTextAsync(file, text[..(text.Length / 2)], Stop);
        lab.Refuses("TokenFileDamaged" + TestCommand, "Test-WaToken $old $file $pw");
        await File.WriteAllTextAsync(file, text.Replace("admin", "nimda", StringComparison.Ordinal), Stop);
        lab.Refuses("TokenFileDamaged" + TestCommand, "Test-WaToken $old $file $pw");
        await File.WriteAllTextAsync(file, text.Replace("\"version\": 1", "\"version\": 9", StringComparison.Ordinal), Stop);
        lab.Refuses("TokenFileFormatNewer" + TestCommand, "Test-WaToken $old $file $pw");
        await File.WriteAllTextAsync(file, "hello", Stop);
        lab.Refuses("TokenFileNotRecognised" + TestCommand, "Test-WaToken $old $file $pw");
    }

    private static string Prepare(SetupLab lab)
    {
        var file = Path.Combine(lab.Lab.Folder, "token");
        lab.Shell.Set("file", file);
        lab.Shell.Set("pw", SetupLab.Secret("T0ken-Passw0rd"));
        lab.Shell.Set("shopPw", SetupLab.Secret(Password));
        return file;
    }

    private static async Task<ScriptResult> ConnectAsync(SetupLab lab, string user) => lab.Run(
        "param($s, $credential, $pin) Connect-WaSetup -Name shop -ApiUri $s.ApiUri -Credential $credential -CertificateThumbprint $pin",
        ("s", lab.Lab.Old),
        ("credential", SetupLab.Credential(user, Password)),
        ("pin", await lab.Lab.Old.GetCertificateThumbprintAsync(Stop)));

    private static Task<string> TokenOfAsync(SetupLab lab, string user) => lab.Lab.Old.Api.TokenOfAsync(user, Password, Stop);
}
