using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WaLab;
using WaLab.Proxies;
using WaLab.Service;
using WaLab.Webhooks;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Kills;

namespace WaMigration.Tests.Migration;

/// <summary>Options 2 and 3 on a lab: their runbooks, and what must be so afterwards.</summary>
internal sealed class DatabaseMigration : IAsyncDisposable
{
    private static readonly string[] Stores = ["axolotlStore", "callbackStore", "configStore", "contactStore", "jobqueueStore", "messageStore"];
    private readonly MigrationSession session;

    private DatabaseMigration(MigrationSession session, int option, ServiceNumber before)
    {
        this.session = session;
        Option = option;
        Before = before;
    }

    private static TimeSpan Patience { get; } = TimeSpan.FromMinutes(3);

    internal static LabTopology Small { get; } = new(1, 2, 1);

    internal Lab Lab => session.Lab;

    internal string Folder => session.Folder;

    internal int Option { get; }

    internal ServiceNumber Before { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<DatabaseMigration> StartAsync(int option, LabOptions? options = null)
    {
        var session = await MigrationSession.StartAsync(options ?? new LabOptions { Topology = Small });
        session.Shell.Set("runbook", ModuleUnderTest.Runbook(option == 2 ? "Invoke-WaMessageMigration.ps1" : "Invoke-WaFullMigration.ps1"));
        session.Shell.Set("undo", ModuleUnderTest.Runbook("Undo-WaMigration.ps1"));
        session.Run("""
            $common.Remove('AllowUndelivered')
            $back = @{ Path = $common.Path; BackupPassword = $common.BackupPassword; TestRecipient = $common.TestRecipient; HealthTimeoutSec = 60; Confirm = $false }
            """).MustSucceed();
        return new DatabaseMigration(session, option, await session.Lab.Service.GetNumberAsync(session.Lab.Number, Cancellation));
    }

    internal ScriptResult Run(string script) => session.Run(script);

    internal void Set(string name, object? value) => session.Shell.Set(name, value);

    /// <summary>A certificate of the company's own for an API, in the file $certificate; its thumbprint.</summary>
    internal string IssueCertificate()
    {
        using var authority = new LabCertificates("The company's authority");
        using var certificate = authority.IssueServer();
        using var key = certificate.GetECDsaPrivateKey()!;
        var pem = Path.Combine(Lab.Folder, "external.pem");
        File.WriteAllText(pem, string.Join('\n', key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem(), authority.AuthorityPem));
        Set("certificate", pem);
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <summary>The new setup's databases are those of the old one.</summary>
    internal void DescribeNewOnOldDatabases() => Run("""
        $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -Credential ([pscredential]::new('admin', $lab.OldPassword)) -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.OldNamePrefix -DatabaseCredential ([pscredential]::new($lab.OldDatabaseUser, $lab.OldDatabasePassword))
        """).MustSucceed();

    /// <summary>The runbook; the same call goes on after whatever cut it.</summary>
    internal ScriptResult Migrate(string more = "") => Run($"& $runbook -Source $old -Destination $new @common {more}");

    internal ScriptResult Undo(string more = "") => Run($"& $undo -Source $old -Destination $new @back {more}");

    /// <summary>The runbook, stopped while this request of a step is on its way; then the setups are described anew.</summary>
    internal async Task MigrateUntilAsync(int step, HoldPoint when)
    {
        var point = KillPoint.Of(Option).Single(known => known.Step == step);
        using (var hold = Lab.HoldAt(point.Link, point.Method, point.Path, when, point.Occurrence, point.OnlyWhile(Folder)))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var running = MigrateAsync("-TwoStepPin $pin @hook", stop.Token);
            await Task.WhenAny(hold.Arrived, running).WaitAsync(Patience, Cancellation);
            Assert.False(running.IsCompleted, running.IsCompleted ? (await running).Describe() : string.Empty);
            await stop.CancelAsync();
            await running;
            await hold.ClientGone.WaitAsync(Patience, Cancellation);
        }

        ReconnectAsTheyAre();
    }

    /// <summary>The runbook, as far as it comes before it is stopped.</summary>
    internal Task<ScriptResult> MigrateAsync(string more, CancellationToken stop) =>
        session.Shell.RunAsync($"& $runbook -Source $old -Destination $new @common {more}", null, stop);

    /// <summary>Whether the new client may have served, so that an undo wants to be told what becomes of that.</summary>
    internal bool MayHaveServed => Run("(Get-WaMigration $common.Path).WayBack").Single().ToString().Contains("-CarryBack", StringComparison.Ordinal);

    /// <summary>Where the steps stand, as "number state".</summary>
    internal IEnumerable<string> Steps() =>
        Run("(Get-WaMigration $common.Path).Steps | ForEach-Object { \"$($_.Number) $($_.State)\" }").MustSucceed().Output.Select(line => line.ToString());

    /// <summary>As in a new session, with the old client as it is now; its pin is the one that the record names.</summary>
    private void ReconnectAsTheyAre()
    {
        Set("there", Lab.Old.ContainerNames.Any(name => name.Contains("waweb", StringComparison.Ordinal)));
        Run("""
            $old = Connect-WaSetup -Name old -NotInstalled:(-not $there) -ApiUri $lab.OldApi -DockerHost $lab.OldDockerHost -CertificateThumbprint $lab.OldThumbprint -Credential ([pscredential]::new('admin', $lab.OldPassword)) -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.OldNamePrefix -DatabaseCredential ([pscredential]::new($lab.OldDatabaseUser, $lab.OldDatabasePassword))
            $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.NamePrefix -DatabaseCredential ([pscredential]::new($lab.DatabaseUser, $lab.DatabasePassword))
            """).MustSucceed();
    }

    /// <summary>As in a new session: nothing that the old one had seen is known.</summary>
    internal void Reconnect() => Run("""
        $old = Connect-WaSetup -Name old -NotInstalled -ApiUri $lab.OldApi -DockerHost $lab.OldDockerHost -CertificateThumbprint $lab.OldThumbprint -Credential ([pscredential]::new('admin', $lab.OldPassword)) -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.OldNamePrefix -DatabaseCredential ([pscredential]::new($lab.OldDatabaseUser, $lab.OldDatabasePassword))
        $new = Connect-WaSetup -Name new -NotInstalled -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword -DatabaseEngine $lab.DatabaseEngine -DatabaseServer $lab.DatabaseServer -DatabasePort $lab.DatabasePort -NamePrefix $lab.NamePrefix -DatabaseCredential ([pscredential]::new($lab.DatabaseUser, $lab.DatabasePassword))
        """).MustSucceed();

    /// <summary>What the lab itself says of every table of a side's stores.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> DigestsAsync(WaLab.Setups.LabSetup side)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var store in Option == 3 ? [.. Stores, "waweb"] : Stores)
        {
            foreach (var (table, digest) in await Lab.DigestAsync(side, store, Cancellation))
            {
                all[store + " " + table] = digest;
            }
        }

        return all;
    }

    /// <summary>The number is served by the side with the very registration and keys, and the service saw nothing wrong.</summary>
    internal async Task CheckServiceAsync(WaLab.Setups.LabSetup side, int restores = 0)
    {
        var after = await Lab.Service.GetNumberAsync(Lab.Number, Cancellation);
        Assert.True(after.Registered);
        Assert.Equal(Before.RegistrationId, after.RegistrationId);
        Assert.Equal(Before.RegistrationAttempts, after.RegistrationAttempts);
        Assert.Equal(Before.Restores + restores, after.Restores);
        Assert.Equal(Before.IdentityUploads + restores, after.IdentityUploads);
        Assert.Equal((0, 0, 0, 0), (after.Kicks, after.KeyErrors, after.CounterErrors, after.DuplicateMessages));
        Assert.Single(after.Connected.Select(node => node.Client).Distinct());
        foreach (var contact in (await Lab.Service.GetMessagesAsync(Lab.Number, Cancellation)).Select(message => message.Contact).Distinct().ToList())
        {
            var id = await side.Api.SendTextAsync(contact, "To " + contact, Cancellation);
            await Lab.Webhook.WaitForStatusAsync(id, "delivered", TimeSpan.FromSeconds(20), Cancellation);
        }

        var last = await Lab.Service.GetNumberAsync(Lab.Number, Cancellation);
        Assert.Equal((0, 0, 0), (last.KeyErrors, last.CounterErrors, last.DuplicateMessages));
    }

    /// <summary>The lab's own client of the API, logged in on the new side.</summary>
    internal async Task LogInOnNewAsync()
    {
        Lab.New.Password = Option == 3 ? Lab.Old.Password : Lab.New.NewPassword;
        await Lab.New.Api.LoginAsync(Lab.New.Password, null, Cancellation);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
