using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using WaLab;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Setup;

public sealed class ConnectTests(BothClients clients) : IClassFixture<BothClients>
{
    private const string Command = ",WaMigration.Commands.ConnectWaSetupCommand";
    private const string Connect = "param($uri, $credential, $more) Connect-WaSetup -Name x -ApiUri $uri -Credential $credential @more";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_can_be_found_out_of_a_setup_is_found_out()
    {
        var lab = clients.Lab;

        var old = lab.Run("$old");
        Assert.Equal("Running", old.Property("State")!.ToString());
        Assert.Equal(lab.Lab.Number, old.Property("PhoneNumber"));
        Assert.Equal("2.53.1", old.Property("ClientVersion"));
        Assert.Equal("admin", old.Property("UserName"));
        Assert.InRange((DateTimeOffset)old.Property("TokenExpiresAt")!, DateTimeOffset.UtcNow.AddDays(6), DateTimeOffset.UtcNow.AddDays(8));
        var database = lab.Run("$old.Database");
        Assert.Equal(lab.Lab.Old.NamePrefix, database.Property("NamePrefix"));
        Assert.Equal("PostgreSql", database.Property("Engine")!.ToString());
        Assert.Equal(lab.Lab.Old.DatabasePort, database.Property("Port"));

        var fresh = lab.Run("$new");
        Assert.Equal("Running", fresh.Property("State")!.ToString());
        Assert.Null(fresh.Property("PhoneNumber"));

        // The new password is right from then on, the first one no more, and giving both goes on working.
        var again = await lab.ConnectAsync(lab.Lab.New, "secret", lab.Lab.New.NewPassword);
        Assert.Equal("Running", again.Property("State")!.ToString());

        lab.Shell.Set("again", again.Single());
        Assert.Empty(lab.Run("Disconnect-WaSetup $again").MustSucceed().Output);
    }

    [Fact]
    public async Task Bad_logins_and_bad_certificates_are_refused_by_their_names_and_change_nothing()
    {
        var lab = clients.Lab;
        var pin = await lab.Lab.Old.GetCertificateThumbprintAsync(Stop);
        var right = SetupLab.Credential(LabSetup.User, lab.Lab.Old.Password);
        var wrong = SetupLab.Credential(LabSetup.User, "Wrong-Passw0rd!");
        Dictionary<string, object> pinned = new() { ["CertificateThumbprint"] = pin };

        var file = Path.Combine(lab.Lab.Folder, "root.pem");
        await File.WriteAllTextAsync(file, "no certificate", Stop);

        await lab.ChangesNothingAsync(() =>
        {
            Refuses("LoginRefused", wrong, pinned);
            Refuses("WeakPassword", right, new() { ["CertificateThumbprint"] = pin, ["NewPassword"] = SetupLab.Secret("weak") });
            Assert.Contains(pin, Refuses("UntrustedCertificate", right, []).ToString(), StringComparison.Ordinal);
            Refuses("CertificateNotPinned", right, new() { ["CertificateThumbprint"] = new string('A', 64) });
            Refuses("ThumbprintNotUsable", right, new() { ["CertificateThumbprint"] = "AB12" });
            Refuses("CaCertificateNotUsable", right, new() { ["CaCertificate"] = file });
            Refuses("DatabaseCredentialNotUsable", right, new() { ["CertificateThumbprint"] = pin, ["DatabaseCredential"] = ScriptBlock.Create("42") });
        });

        ErrorRecord Refuses(string id, PSCredential credential, Dictionary<string, object> more) =>
            lab.Refuses(id + Command, Connect, Parameters(lab.Lab.Old.ApiUri, credential, more));
    }

    [Fact]
    public async Task The_first_password_asks_for_a_new_one_and_too_many_bad_logins_for_patience()
    {
        await using var lab = await SetupLab.StartAsync(new LabOptions
        {
            Topology = new LabTopology(0, 1, 1),
            OldInstalled = false,
            ImageVariables = new Dictionary<string, string> { ["WA_SIM_BAD_LOGINS"] = "2" },
        });
        await lab.Lab.New.InstallAsync(Stop);
        var pinned = new Dictionary<string, object> { ["CertificateThumbprint"] = await lab.Lab.New.GetCertificateThumbprintAsync(Stop) };
        var first = SetupLab.Credential(LabSetup.User, "secret");
        var wrong = SetupLab.Credential(LabSetup.User, "Wrong-Passw0rd!");

        lab.Refuses("PasswordChangeRequired" + Command, Connect, Parameters(lab.Lab.New.ApiUri, first, pinned));
        // In one go, since the lab's clients forget bad logins soon.
        var tries = lab.Run(
            "param($uri, $credential, $more) foreach ($i in 1..3) { try { Connect-WaSetup -ApiUri $uri -Credential $credential @more } catch { $_.FullyQualifiedErrorId } }",
            Parameters(lab.Lab.New.ApiUri, wrong, pinned)).MustSucceed();
        Assert.Equal(["LoginRefused" + Command, "LoginRefused" + Command, "TooManyLogins" + Command], tries.Output.Select(id => id.ToString()));
    }

    [Fact]
    public async Task Where_nothing_answers_the_Docker_hosts_say_why()
    {
        await using var lab = await SetupLab.StartAsync(new LabOptions { Topology = new LabTopology(1, 2, 1) });
        var credential = SetupLab.Credential(LabSetup.User, lab.Lab.Old.Password);
        var nowhere = new Uri($"https://127.0.0.1:{FreePort()}");

        lab.Refuses("ApiUnreachable" + Command, Connect, Parameters(nowhere, credential, []));
        lab.Refuses(
            "DockerHostUnreachable" + Command,
            Connect,
            Parameters(nowhere, credential, new() { ["DockerHost"] = new Uri("unix:///nowhere/docker.sock") }));

        var absent = lab.Run(Connect, Parameters(lab.Lab.New.ApiUri, credential, new() { ["DockerHost"] = lab.Lab.New.DockerHost }));
        Assert.Equal("NotInstalled", absent.Property("State")!.ToString());
        Assert.Single(absent.Warnings);

        lab.Run("$null = Stop-WaClient $old").MustSucceed();
        var stopped = await lab.ConnectAsync(lab.Lab.Old, lab.Lab.Old.Password);
        Assert.Equal("Stopped", stopped.Property("State")!.ToString());
        Assert.Equal("2.53.1", stopped.Property("ClientVersion"));
        Assert.Equal(lab.Lab.Old.NamePrefix, lab.Run("param($s) $s.Database", ("s", stopped.Single())).Property("NamePrefix"));
        Assert.Single(stopped.Warnings);
    }

    [Fact]
    public void A_setup_that_is_not_installed_is_described_without_being_contacted()
    {
        using var shell = new PowerShellSession();

        var setup = shell.Run(
            """
            param($credential)
            Connect-WaSetup -NotInstalled -ApiUri https://nobody.invalid:9090 -Credential $credential -DockerHost unix:///nowhere.sock `
                -DatabaseEngine PostgreSql -DatabaseServer db.invalid -DatabaseCredential { $credential } -NamePrefix new_
            """,
            ("credential", SetupLab.Credential("wa", "pw")));

        Assert.Equal("Unknown", setup.Property("State")!.ToString());
        Assert.Equal("nobody.invalid", setup.Property("Name"));
        Assert.Equal("wa", shell.Run("param($s) $s.Database", ("s", setup.Single())).Property("UserName"));
        Assert.Equal(5432, shell.Run("param($s) $s.Database", ("s", setup.Single())).Property("Port"));
    }

    [Theory]
    [InlineData("http://host:9090")]
    [InlineData("host")]
    public void Only_https_addresses_are_taken(string address)
    {
        using var shell = new PowerShellSession();

        var error = Assert.Single(shell.Run(Connect, Parameters(new Uri(address, UriKind.RelativeOrAbsolute), SetupLab.Credential("a", "b"), [])).Errors);

        Assert.Equal("ApiAddressNotUsable" + Command, error.FullyQualifiedErrorId);
    }

    private static (string, object?)[] Parameters(Uri uri, PSCredential credential, Dictionary<string, object> more) =>
        [("uri", uri), ("credential", credential), ("more", new System.Collections.Hashtable(more))];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
