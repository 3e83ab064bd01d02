using WaLab;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Client;

public sealed class ClientCmdletTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_shown_with_its_nodes_and_its_shape()
    {
        await using var lab = await ConnectedLab.StartAsync(new LabOptions());

        var nodes = lab.Run("Get-WaClient $old").MustSucceed().Output;
        Assert.Equal(lab.Lab.Old.ContainerNames, nodes.Select(node => (string)ScriptResult.Value(node, "Name")!).Order(StringComparer.Ordinal));
        Assert.All(nodes, node => Assert.Equal("running", ScriptResult.Value(node, "State")));
        Assert.Equal(2, lab.Run("$old | Get-WaClient -Role Master").MustSucceed().Output.Count);
        Assert.Single(lab.Run("Get-WaClient $old *web*").MustSucceed().Output);

        var topology = lab.Run("Get-WaTopology $old").Single();
        Assert.Equal(2, ScriptResult.Value(topology, "Masters"));
        Assert.Equal(3, ScriptResult.Value(topology, "Coreapps"));
        Assert.Equal(1, ScriptResult.Value(topology, "Webapps"));
        Assert.Equal(2, ScriptResult.Value(topology, "Shards"));
        Assert.Equal("2.53.1", ScriptResult.Value(topology, "ClientVersion"));
    }

    [Fact]
    public async Task A_client_is_installed_like_another_beside_it_and_unregistered()
    {
        await using var lab = await ConnectedLab.StartAsync(new LabOptions());

        var nodes = lab.Run("Install-WaClient $new -Like $old").MustSucceed().Output;

        Assert.Equal(6, nodes.Count);
        Assert.All(nodes, node => Assert.Equal("running", ScriptResult.Value(node, "State")));
        lab.Run("$null = Connect-WaSetup -Setup $new").MustSucceed();
        Assert.Null(lab.Run("$new").Property("PhoneNumber"));
        Assert.Equal(
            lab.Run("(Get-WaTopology $old).Masters, (Get-WaTopology $old).Coreapps, (Get-WaTopology $old).Shards").MustSucceed().Output.Select(item => item.BaseObject),
            lab.Run("(Get-WaTopology $new).Masters, (Get-WaTopology $new).Coreapps, (Get-WaTopology $new).Shards").MustSucceed().Output.Select(item => item.BaseObject));
        await lab.Lab.Old.WaitHealthyAsync(cancellationToken: Cancellation);

        // Again: everything is there.
        Assert.Equal(6, lab.Run("Install-WaClient $new -Like $old").MustSucceed().Output.Count);
    }

    [Fact]
    public async Task On_the_old_clients_databases_nothing_is_installed_while_it_runs()
    {
        await using var lab = await ConnectedLab.StartAsync();
        var before = await lab.Lab.SnapshotAsync(Cancellation);
        lab.Shell.Set("same", lab.Run(
            """
            param($there, $here, $database)
            Connect-WaSetup -NotInstalled -Name same -ApiUri $there.ApiUri -DockerHost $there.DockerHost -DatabaseEngine PostgreSql -DatabaseSslMode Disable `
                -DatabaseServer $here.DatabaseServer -DatabasePort $here.DatabasePort -DatabaseCredential $database -NamePrefix $here.NamePrefix
            """,
            ("there", lab.Lab.New),
            ("here", lab.Lab.Old),
            ("database", new System.Management.Automation.PSCredential(lab.Lab.Old.DatabaseUser, ConnectedLab.Secret(lab.Lab.Old.DatabasePassword)))).Single());

        Assert.Equal(["SourceNotProvedStopped"], lab.Run("Install-WaClient $same -Like $old").ErrorIds);
        Assert.Equal(["SourceStillRunning"], lab.Run("Install-WaClient $same -Like $old -Source $old").ErrorIds);
        var stated = lab.Run("Install-WaClient $same -Like $old -Source $old -SourceStopped");
        Assert.Equal("SourceStillRunning,WaMigration.Commands.InstallWaClientCommand", Assert.Single(stated.Errors).FullyQualifiedErrorId);
        Assert.Empty(lab.Lab.New.ContainerNames);
        Assert.Empty(before.DifferencesTo(await lab.Lab.SnapshotAsync(Cancellation), "/database/"));
    }

    [Fact]
    public async Task A_stopped_client_is_started_again_only_with_a_word_on_the_other_one()
    {
        await using var lab = await ConnectedLab.StartAsync();

        var stopped = lab.Run("Stop-WaClient $old").MustSucceed().Output;
        Assert.All(stopped, node => Assert.Equal("exited", ScriptResult.Value(node, "State")));

        Assert.Equal("SourceNotProvedStopped,WaMigration.Commands.StartWaClientCommand", Assert.Single(lab.Run("Start-WaClient $old").Errors).FullyQualifiedErrorId);
        Assert.All(lab.Run("Get-WaClient $old").Output, node => Assert.Equal("exited", ScriptResult.Value(node, "State")));

        Assert.All(lab.Run("Start-WaClient $old -SourceStopped").MustSucceed().Output, node => Assert.Equal("running", ScriptResult.Value(node, "State")));
        await lab.Lab.Old.WaitHealthyAsync(cancellationToken: Cancellation);
        await lab.Lab.Old.SendMessageAsync("after the start", Cancellation);
    }

    [Fact]
    public async Task Single_nodes_are_restarted_by_name_or_role()
    {
        await using var lab = await ConnectedLab.StartAsync();
        var name = lab.Run("(Get-WaClient $old -Role Coreapp)[0].Name").Single().ToString();
        var before = StartedAt(lab);

        Assert.Single(lab.Run("param($n) Restart-WaClient $old -Name $n", ("n", name)).MustSucceed().Output);

        var after = StartedAt(lab);
        Assert.Equal([name], after.Where(item => before[item.Key] != item.Value).Select(item => item.Key));
        Assert.Equal(2, lab.Run("Restart-WaClient $old -Role Coreapp").MustSucceed().Output.Count);
        Assert.Equal(["NodeNotFound"], lab.Run("Restart-WaClient $old -Name nobody").ErrorIds);
        await lab.Lab.Old.WaitHealthyAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_client_is_removed_and_its_databases_and_volumes_stay()
    {
        await using var lab = await ConnectedLab.StartAsync();
        var databases = await lab.Lab.ListDatabasesAsync(lab.Lab.Old, Cancellation);
        var volumes = lab.Lab.Old.Engine.Volumes.All.Select(volume => volume.Name).ToList();
        var path = Path.Combine(lab.Lab.Folder, "source-client.enc");

        var removal = lab.Run(
            "param($path, $password) Remove-WaClient $old -KeepDatabase -DefinitionPath $path -DefinitionPassword $password",
            ("path", path),
            ("password", ConnectedLab.Secret("definition-password"))).Single();

        Assert.Equal(4, ((System.Collections.ICollection)ScriptResult.Value(removal, "Removed")!).Count);
        Assert.NotNull(ScriptResult.Value(removal, "WebappStoppedAt"));
        Assert.Empty(lab.Lab.Old.ContainerNames);
        Assert.Equal(databases, await lab.Lab.ListDatabasesAsync(lab.Lab.Old, Cancellation));
        Assert.Equal(volumes, lab.Lab.Old.Engine.Volumes.All.Select(volume => volume.Name));
        Assert.True(File.Exists(path));
        Assert.Empty(lab.Run("Get-WaClient $old").MustSucceed().Output);
    }

    [Fact]
    public async Task Undelivered_callbacks_keep_the_client_until_a_person_lets_them_go()
    {
        await using var lab = await ConnectedLab.StartAsync();
        lab.Lab.Webhook.AnswerWith(503);
        await lab.Lab.Service.SendInboundAsync(lab.Lab.Number, Lab.TestContact, "nobody takes this", Cancellation);
        await WaitForPendingAsync(lab);
        var before = await lab.Lab.SnapshotAsync(Cancellation);

        var refused = lab.Run("Remove-WaClient $old -DrainTimeoutSec 1");

        Assert.Equal("UndeliveredRemain,WaMigration.Commands.RemoveWaClientCommand", Assert.Single(refused.Errors).FullyQualifiedErrorId);
        Assert.Empty(before.DifferencesTo(await lab.Lab.SnapshotAsync(Cancellation), "/database/"));
        await lab.Lab.Old.WaitHealthyAsync(cancellationToken: Cancellation);

        var removal = lab.Run("Remove-WaClient $old -DrainTimeoutSec 1 -AllowUndelivered").Single();
        Assert.True((long)ScriptResult.Value(removal, "UndeliveredCallbacks")! > 0);
        Assert.Empty(lab.Lab.Old.ContainerNames);
    }

    [Fact]
    public async Task A_plan_of_removal_and_installation_names_everything_and_changes_nothing()
    {
        await using var lab = await ConnectedLab.StartAsync();
        var before = await lab.Lab.SnapshotAsync(Cancellation);

        var removal = lab.Run("Remove-WaClient $old -WhatIf").MustSucceed();
        var installation = lab.Run("$null = Install-WaClient $new -Like $old -WhatIf").MustSucceed();

        Assert.Empty(removal.Output);
        Assert.All(lab.Lab.Old.ContainerNames, name => Assert.Contains(removal.WhatIfLines, line => line.Contains(name, StringComparison.Ordinal)));
        Assert.Contains(installation.WhatIfLines, line => line.Contains("new-waweb-1 on " + lab.Lab.New.DockerHost, StringComparison.Ordinal));
        Assert.Empty(before.DifferencesTo(await lab.Lab.SnapshotAsync(Cancellation), "/database/"));
    }

    [Fact]
    public async Task An_unreachable_Docker_host_is_named()
    {
        await using var lab = await ConnectedLab.StartAsync(new LabOptions { OldInstalled = false });
        lab.Shell.Set("gone", lab.Run("Connect-WaSetup -NotInstalled -Name gone -ApiUri https://127.0.0.1:1 -DockerHost unix:///tmp/no-docker-here.sock").Single());

        var error = Assert.Single(lab.Run("Get-WaClient $gone").Errors);

        Assert.Equal("DockerHostUnreachable,WaMigration.Commands.GetWaClientCommand", error.FullyQualifiedErrorId);
        Assert.Equal(System.Management.Automation.ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Equal("unix:///tmp/no-docker-here.sock", error.TargetObject);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal(["DatabaseServerUnknown"], lab.Run("Install-WaClient $gone -Masters 1 -Coreapps 2 -ClientVersion 2.53.1").ErrorIds);
    }

    [Fact]
    public async Task A_container_that_will_not_start_shows_its_last_lines_without_secrets()
    {
        await using var lab = await ConnectedLab.StartAsync(new LabOptions { OldInstalled = false });
        lab.Lab.New.Engine.Rules.WillNotStart("new-wacore-1", 3, "cannot log in with " + lab.Lab.New.DatabasePassword);

        var error = Assert.Single(lab.Run("Install-WaClient $new -Masters 1 -Coreapps 2 -ClientVersion 2.53.1").Errors);

        Assert.Equal("ContainerWouldNotStart,WaMigration.Commands.InstallWaClientCommand", error.FullyQualifiedErrorId);
        Assert.Contains("cannot log in with ********", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Lab.New.DatabasePassword, error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> StartedAt(ConnectedLab lab) => lab.Lab.Old.Engine.Events.All
        .Where(item => item.Action == "start")
        .GroupBy(item => item.Attributes["name"])
        .ToDictionary(group => group.Key, group => group.Count().ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static async Task WaitForPendingAsync(ConnectedLab lab)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var pending = lab.Run("(Get-WaStatistics $old -Area Db -Name db_pending_callbacks).Value").MustSucceed().Output;
            if (pending.Any(value => Convert.ToDouble(value.BaseObject, System.Globalization.CultureInfo.InvariantCulture) > 0))
            {
                return;
            }

            await Task.Delay(50, Cancellation);
        }

        Assert.Fail("No callback ever waited.");
    }
}
