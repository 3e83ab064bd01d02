using System.Management.Automation;
using System.Net;
using WaLab;
using WaLab.Servers;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Client;

/// <summary>A lab, and a PowerShell session in which <c>$old</c> and <c>$new</c> are connected.</summary>
internal sealed class ConnectedLab : IAsyncDisposable
{
    private ConnectedLab(Lab lab, PowerShellSession shell)
    {
        Lab = lab;
        Shell = shell;
    }

    internal Lab Lab { get; }

    internal PowerShellSession Shell { get; }

    internal static async Task<ConnectedLab> StartAsync(LabOptions? options = null)
    {
        Lab lab;
        try
        {
            lab = await Lab.StartAsync(options ?? new LabOptions { Topology = new LabTopology(1, 2, 1) }, TestContext.Current.CancellationToken);
        }
        catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
        {
            Assert.Skip(missing.Message);
            throw;
        }

        var connected = new ConnectedLab(lab, new PowerShellSession());
        connected.Shell.Set("ErrorActionPreference", ActionPreference.Stop);
        connected.Shell.Set("ConfirmPreference", ConfirmImpact.None);
        if (lab.Options.OldInstalled)
        {
            await connected.ConnectOldAsync();
        }

        connected.Shell.Set("new", connected.Describe(lab.New).Single());
        return connected;
    }

    /// <summary>Connects to the old side again, as a new session would.</summary>
    internal async Task ConnectOldAsync()
    {
        var old = Lab.Old;
        Shell.Set("old", Shell.Run(
            """
            param($s, $credential, $pin)
            Connect-WaSetup -Name $s.Name -ApiUri $s.ApiUri -Credential $credential -DockerHost $s.DockerHost -CertificateThumbprint $pin
            """,
            ("s", old),
            ("credential", Credential(LabSetup.User, old.Password)),
            ("pin", await old.GetCertificateThumbprintAsync(TestContext.Current.CancellationToken))).Single());
    }

    /// <summary>Describes a side that is not installed.</summary>
    internal ScriptResult Describe(LabSetup side, string? prefix = null) => Shell.Run(
        """
        param($s, $credential, $newPassword, $database, $prefix)
        Connect-WaSetup -NotInstalled -Name $s.Name -ApiUri $s.ApiUri -Credential $credential -NewPassword $newPassword -DockerHost $s.DockerHost `
            -DatabaseEngine PostgreSql -DatabaseServer $s.DatabaseServer -DatabasePort $s.DatabasePort -DatabaseCredential $database -DatabaseSslMode Disable -NamePrefix $prefix
        """,
        ("s", side),
        ("credential", Credential(LabSetup.User, "secret")),
        ("newPassword", new NetworkCredential(string.Empty, side.NewPassword).SecurePassword),
        ("database", Credential(side.DatabaseUser, side.DatabasePassword)),
        ("prefix", prefix ?? side.NamePrefix));

    internal ScriptResult Run(string script, params (string Name, object? Value)[] parameters) => Shell.Run(script, parameters);

    internal static System.Security.SecureString Secret(string text) => new NetworkCredential(string.Empty, text).SecurePassword;

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        await Lab.DisposeAsync();
    }

    private static PSCredential Credential(string name, string password) => new(name, Secret(password));
}
