using System.Collections;
using System.Security;
using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>A lab, and an engine in which both setups are connected as an administrator would.</summary>
internal sealed class MigrationSession : IAsyncDisposable
{
    private const string Connect = """
        $ErrorActionPreference = 'Stop'
        $old = Connect-WaSetup -Name old -ApiUri $lab.OldApi -DockerHost $lab.OldDockerHost -CertificateThumbprint $lab.OldThumbprint -Credential ([pscredential]::new('admin', $lab.OldPassword))
        $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.NamePrefix -DatabaseCredential ([pscredential]::new($lab.DatabaseUser, $lab.DatabasePassword))
        """;

    private MigrationSession(Lab lab, PowerShellSession shell)
    {
        Lab = lab;
        Shell = shell;
    }

    internal Lab Lab { get; }

    internal PowerShellSession Shell { get; }

    internal string Folder => Path.Combine(Lab.Folder, "migration");

    /// <summary>Starts the lab, and connects its old side; the new one is described.</summary>
    internal static async Task<MigrationSession> StartAsync(LabOptions options, bool connect = true)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var lab = await Lab.StartAsync(options, cancellation);
        var session = new MigrationSession(lab, new PowerShellSession());
        var ca = Path.Combine(lab.Folder, "webhook-ca.pem");
        await File.WriteAllTextAsync(ca, lab.Webhook.CaPem, cancellation);
        session.Shell.Set("lab", new Dictionary<string, object>
        {
            ["OldApi"] = lab.Old.ApiUri,
            ["OldDockerHost"] = lab.Old.DockerHost,
            ["OldThumbprint"] = await lab.Old.GetCertificateThumbprintAsync(cancellation),
            ["OldPassword"] = Conceal(lab.Old.Password),
            ["NewApi"] = lab.New.ApiUri,
            ["NewDockerHost"] = lab.New.DockerHost,
            ["FactoryPassword"] = Conceal("secret"),
            ["NewPassword"] = Conceal(lab.New.NewPassword),
            ["DatabaseEngine"] = lab.New.DatabaseProduct.ToString(),
            ["DatabaseServer"] = lab.New.DatabaseServer,
            ["DatabasePort"] = lab.New.DatabasePort,
            ["DatabaseUser"] = lab.New.DatabaseUser,
            ["DatabasePassword"] = Conceal(lab.New.DatabasePassword),
            ["NamePrefix"] = lab.New.NamePrefix,
            ["OldNamePrefix"] = lab.Old.NamePrefix,
            ["OldDatabaseUser"] = lab.Old.DatabaseUser,
            ["OldDatabasePassword"] = Conceal(lab.Old.DatabasePassword),
        });
        session.Shell.Set("runbook", ModuleUnderTest.Runbook("Invoke-WaSettingsMigration.ps1"));
        session.Shell.Set("common", new Hashtable
        {
            ["Path"] = session.Folder,
            ["BackupPassword"] = Conceal("backup of the lab"),
            ["TestRecipient"] = Lab.TestContact,
            ["AllowUndelivered"] = true,
            ["HealthTimeoutSec"] = 60,
            ["Confirm"] = false,
        });
        session.Shell.Set("pin", Conceal(Lab.Pin));
        session.Shell.Set("hook", new Hashtable { ["WebhookUri"] = lab.Webhook.Address, ["WebhookCaCertificatePath"] = ca });
        if (connect)
        {
            session.Run(Connect).MustSucceed();
        }

        return session;
    }

    /// <summary>Connects again, as a new session after a crash does.</summary>
    internal void Reconnect() => Run(Connect).MustSucceed();

    internal ScriptResult Run(string script) => Shell.Run(script);

    internal static SecureString Conceal(string text)
    {
        var secret = new SecureString();
        foreach (var character in text)
        {
            secret.AppendChar(character);
        }

        return secret;
    }

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        await Lab.DisposeAsync();
    }
}
