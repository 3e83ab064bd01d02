using System.Text.Json.Nodes;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ClientLifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Masters_start_first_and_the_Webapp_last_and_the_Webapp_stops_first()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 2, coreapps: 2, port);
        var setup = lab.Setup("old", port);

        var stopped = await ClientLifecycle.StopAsync(setup, NodeSelection.All, lab.Operation);
        Assert.All(stopped, node => Assert.Equal("exited", node.State));
        Assert.Equal(WaSetupState.Stopped, setup.State);
        var started = await ClientLifecycle.StartAsync(setup, NodeSelection.All, null, true, Patience, lab.Operation);

        Assert.All(started, node => Assert.Equal("running", node.State));
        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Equal("old_waweb_1", Names(lab, "stop")[0]);
        var order = Names(lab, "start").Skip(5).Select(name => name.Split('_')[1]).ToList();
        Assert.Equal(["master", "master", "wacore", "wacore", "waweb"], order);
        Assert.Equal(
            [JournalKinds.WebappStopping, JournalKinds.ClientStopping, JournalKinds.ClientStopped, JournalKinds.ClientStarting],
            DockerLab.Journal(setup).Kinds);
    }

    [Fact]
    public async Task A_client_that_is_not_there_cannot_be_started_stopped_or_restarted()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");

        foreach (var run in new Func<Task>[]
        {
            () => ClientLifecycle.StartAsync(setup, NodeSelection.All, null, true, Patience, lab.Operation),
            () => ClientLifecycle.StopAsync(setup, NodeSelection.All, lab.Operation),
            () => ClientLifecycle.RestartAsync(setup, NodeSelection.All, null, true, Patience, lab.Operation),
        })
        {
            Assert.Equal("ClientNotInstalled", (await Assert.ThrowsAsync<WaException>(run)).ErrorId);
        }
    }

    [Fact]
    public async Task Only_the_nodes_that_are_meant_are_touched()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 3, port);
        var setup = lab.Setup("old", port);

        var nodes = await ClientLifecycle.RestartAsync(setup, new NodeSelection(["old_wacore_2"], []), null, false, Patience, lab.Operation);
        Assert.Equal("old_wacore_2", Assert.Single(nodes).Name);
        Assert.Equal(["old_wacore_2"], Names(lab, "restart"));

        nodes = await ClientLifecycle.StopAsync(setup, new NodeSelection([], [WaNodeRole.Coreapp]), lab.Operation);
        Assert.Equal(3, nodes.Count);
        Assert.Equal(2, (await ClientInventory.ReadAsync(setup, lab.Operation)).Nodes.Count(node => node.IsRunning));

        var error = await Assert.ThrowsAsync<WaException>(() => ClientLifecycle.StopAsync(setup, new NodeSelection(["nobody"], []), lab.Operation));
        Assert.Equal("NodeNotFound", error.ErrorId);
        Assert.Equal(5, error.Evidence.Count);
    }

    [Fact]
    public async Task What_may_carry_the_registration_is_not_started_while_the_other_client_runs()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var other = await DockerLab.StartAsync();
        var (port, otherPort) = (lab.Port(), other.Port());
        foreach (var name in await lab.ComposeAsync("wa", masters: 0, coreapps: 1, port))
        {
            await lab.Docker.StopContainerAsync(name, TimeSpan.FromSeconds(1), Cancellation);
        }

        var otherNames = await other.ComposeAsync("other", masters: 0, coreapps: 1, otherPort);
        var setup = lab.Setup("wa", port, DockerLab.Database());
        var source = other.Setup("other", otherPort);
        var before = await lab.SnapshotAsync();

        Assert.Equal("SourceNotProvedStopped", (await StartAsync(setup, null, lab)).ErrorId);
        Assert.Equal("SourceStillRunning", (await StartAsync(setup, source, lab)).ErrorId);
        setup.Counterpart = source;
        Assert.Equal("SourceStillRunning", (await StartAsync(setup, null, lab)).ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());

        foreach (var name in otherNames)
        {
            await other.Docker.StopContainerAsync(name, TimeSpan.FromSeconds(1), Cancellation);
        }

        // Its database cannot be asked, so a person's word is wanted for that.
        Assert.Equal("SourceNotProvedStopped", (await StartAsync(setup, source, lab)).ErrorId);
        Assert.Equal(2, (await ClientLifecycle.StartAsync(setup, NodeSelection.All, source, true, Patience, lab.Operation)).Count);
    }

    [Fact]
    public async Task An_unregistered_client_may_be_started_again_beside_the_other_one_while_its_API_says_so()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("wa", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("wa", port);
        DockerLab.Api(setup).Health = () => (JsonObject)JsonNode.Parse(
            """{ "master1:aa": { "gateway_status": "unregistered", "role": "primary_master" }, "wacore1:bb": { "gateway_status": "unregistered", "role": "coreapp" } }""")!;
        await lab.Docker.StopContainerAsync("wa_wacore_1", TimeSpan.FromSeconds(1), Cancellation);

        Assert.Equal(3, (await ClientLifecycle.StartAsync(setup, NodeSelection.All, null, false, Patience, lab.Operation)).Count);

        DockerLab.Api(setup).Health = () => (JsonObject)JsonNode.Parse("""{ "gateway_status": "connected" }""")!;
        await lab.Docker.StopContainerAsync("wa_wacore_1", TimeSpan.FromSeconds(1), Cancellation);
        Assert.Equal("SourceNotProvedStopped", (await StartAsync(setup, null, lab)).ErrorId);
    }

    [Fact]
    public async Task A_node_that_ends_at_once_is_an_error_with_its_last_lines()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        lab.Host.Rules.WillNotStart("old_wacore_1", 1, "no shard for me");

        var error = await Assert.ThrowsAsync<WaException>(() =>
            ClientLifecycle.RestartAsync(setup, new NodeSelection([], [WaNodeRole.Coreapp]), null, false, Patience, lab.Operation));

        Assert.Equal("ContainerWouldNotStart", error.ErrorId);
        Assert.Equal("old_wacore_1", error.Target);
        Assert.Contains("no shard for me", error.Evidence);
    }

    [Fact]
    public async Task An_API_that_never_answers_is_an_error_with_the_Webapps_last_lines()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Answers = () => Task.FromResult(false);

        var error = await Assert.ThrowsAsync<WaException>(() =>
            ClientLifecycle.RestartAsync(setup, NodeSelection.All, null, false, TimeSpan.FromSeconds(5), lab.Operation));

        Assert.Equal("ClientNotAnswering", error.ErrorId);
        Assert.Contains(setup.ApiUri.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(error.Evidence, line => line.Contains("started", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Restart_policies_that_an_interrupted_removal_took_away_are_put_back()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        var nodes = (await ClientInventory.ReadAsync(setup, lab.Operation)).Containers;
        await RestartPolicies.ClearAsync(setup, nodes, lab.Operation);
        Assert.All(await lab.SnapshotAsync(), line => Assert.True(line.StartsWith("volume", StringComparison.Ordinal) || line.EndsWith(" no", StringComparison.Ordinal)));

        await ClientLifecycle.RestartAsync(setup, NodeSelection.All, null, false, Patience, lab.Operation);

        Assert.All(await lab.SnapshotAsync(), line => Assert.True(line.StartsWith("volume", StringComparison.Ordinal) || line.EndsWith(" unless-stopped", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Plans_name_each_node_and_change_nothing()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        var names = await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        var before = await lab.SnapshotAsync();

        await ClientLifecycle.StopAsync(setup, NodeSelection.All, lab.Console.Operation(planOnly: true));
        await ClientLifecycle.StartAsync(setup, NodeSelection.All, null, false, Patience, lab.Console.Operation(planOnly: true));
        await ClientLifecycle.RestartAsync(setup, NodeSelection.All, null, false, Patience, lab.Console.Operation(planOnly: true));

        Assert.Equal(before, await lab.SnapshotAsync());
        Assert.Empty(DockerLab.Journal(setup).Kinds);
        Assert.All(names, name => Assert.Equal(3, lab.Console.Lines.Count(line => line.StartsWith("what if: ", StringComparison.Ordinal) && line.Contains(name, StringComparison.Ordinal))));
    }

    private static Task<WaException> StartAsync(WaSetup setup, WaSetup? source, DockerLab lab) =>
        Assert.ThrowsAsync<WaException>(() => ClientLifecycle.StartAsync(setup, NodeSelection.All, source, false, Patience, lab.Operation));

    private static List<string> Names(DockerLab lab, string action) =>
        [.. lab.Host.Events.All.Where(item => item.Action == action).Select(item => item.Attributes["name"])];
}
