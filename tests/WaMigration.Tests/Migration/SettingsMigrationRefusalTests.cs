using WaLab;
using WaLab.Proxies;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>What the runbook refuses, and that the old client serves on then.</summary>
public sealed class SettingsMigrationRefusalTests
{
    private static readonly LabTopology Small = new(1, 2, 1, 1);

    [Fact]
    public async Task A_new_side_of_another_shape_is_refused_before_anything_of_the_old_side_changes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var session = await MigrationSession.StartAsync(new LabOptions { NewInstalled = true, NewTopology = Small });
        var before = session.Lab.Old.ContainerNames;
        await DescribeInstalledAsync(session);

        var result = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin -ResetWebhook @hook");

        var error = Assert.Single(result.Errors);
        Assert.Equal("ChecksFailed,WaMigration.Commands.TestWaMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Contains("Masters", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Coreapps", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Shards", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("Failed Clean up", session.Run("$r = Get-WaMigration $common.Path; \"$($r.State) $($r.CurrentStep.Name)\"").Single().ToString());
        Assert.Equal("Source", session.Run("(Get-WaMigration $common.Path -Source $old -Destination $new).ServedBy").Single().ToString());
        Assert.Equal(before, session.Lab.Old.ContainerNames);
        await session.Lab.Old.WaitHealthyAsync(cancellationToken: cancellation);
        Assert.True((await session.Lab.Service.GetNumberAsync(session.Lab.Number, cancellation)).TwoStep);
        var settings = await session.Lab.Old.Api.CallAsync(HttpMethod.Get, "/v1/settings/application", null, cancellation);
        Assert.Contains(session.Lab.Webhook.Address.ToString(), settings!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_that_the_new_side_does_not_tell_are_refused_unless_a_person_states_them()
    {
        await using var session = await MigrationSession.StartAsync(new LabOptions { Topology = Small, ShardsReadableUnregistered = false });

        var refused = session.Run("& $runbook -Source $old -Destination $new @common @hook");

        Assert.Equal(["ChecksFailed"], refused.ErrorIds);
        Assert.Contains("Shards", Assert.Single(refused.Errors).ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(session.Lab.Old.ContainerNames);

        var done = session.Run("& $runbook -Source $old -Destination $new @common @hook -Shards 1");

        Assert.Equal("AwaitingRetention", ScriptResult.Value(done.MustSucceed().Single(), "State")!.ToString());
    }

    [Fact]
    public async Task A_run_that_goes_on_needs_its_secrets_its_password_and_its_own_folder()
    {
        await using var session = await MigrationSession.StartAsync(new LabOptions { Topology = Small });
        session.Shell.Set("other", MigrationSession.Conceal("another password"));

        // The new client refuses the test message: the run ends at step 7, with the old one gone.
        session.Lab.ProxyOf(LabLink.NewApi).Answer(
            HoldPoint.BeforeRequest, "POST", "^/v1/messages$", 400, """{"errors":[{"code":1009,"title":"Parameter value is not valid"}]}""");
        var first = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin @hook");
        Assert.True(File.Exists(Path.Combine(session.Folder, "migration.json")), first.Describe());
        Assert.NotEmpty(first.Errors);
        var record = File.ReadAllText(Path.Combine(session.Folder, "migration.json"));

        Assert.Equal(["SecretNeeded"], session.Run("& $runbook -Source $old -Destination $new @common @hook").ErrorIds);
        Assert.Equal(
            ["WrongBackupPassword"],
            session.Run("$c = [hashtable]::new($common); $c.BackupPassword = $other; & $runbook -Source $old -Destination $new @c -TwoStepPin $pin @hook").ErrorIds);
        Assert.Equal(
            ["MigrationFolderOfAnother"],
            session.Run("Start-WaMigration $common.Path -Option 1 -Source $old -Destination (Connect-WaSetup -Name other -NotInstalled -ApiUri https://127.0.0.1:1)").ErrorIds);
        Assert.Equal(record, File.ReadAllText(Path.Combine(session.Folder, "migration.json")));

        var done = session.Run("& $runbook -Source $old -Destination $new @common -TwoStepPin $pin @hook");
        Assert.Equal("AwaitingRetention", ScriptResult.Value(done.MustSucceed().Single(), "State")!.ToString());
    }

    private static async Task DescribeInstalledAsync(MigrationSession session)
    {
        session.Shell.Set("thumbprint", await session.Lab.New.GetCertificateThumbprintAsync(TestContext.Current.CancellationToken));
        session.Run("$new = Connect-WaSetup -Name new -ApiUri $lab.NewApi -DockerHost $lab.NewDockerHost -CertificateThumbprint $thumbprint -Credential ([pscredential]::new('admin', $lab.FactoryPassword)) -NewPassword $lab.NewPassword").MustSucceed();
    }
}
