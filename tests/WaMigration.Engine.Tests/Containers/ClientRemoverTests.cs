using System.Text.Json.Nodes;
using WaMigration.Containers;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ClientRemoverTests
{
    private static readonly RemoveOptions Quick = new() { DrainTimeout = TimeSpan.FromSeconds(10) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_containers_go_and_volumes_databases_and_other_containers_stay()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.Add(new WaSimulator.DockerApi.DockerImage("postgres", "13.8") { Command = ["postgres"], Volumes = ["/var/lib/postgresql/data"] });
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 2, coreapps: 3, port);
        await lab.ComposeAsync("other", masters: 1, coreapps: 1, lab.Port());
        await lab.Docker.CreateContainerAsync(
            new ContainerDefinition { Name = "old_db_1", Image = "postgres:13.8", Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "old" } }, Cancellation);
        await lab.Docker.StartContainerAsync("old_db_1", Cancellation);
        var setup = Drained(lab.Setup("old", port));
        var before = await lab.SnapshotAsync();

        var removal = await ClientRemover.RunAsync(setup, Quick, lab.Operation);

        Assert.Equal(6, removal.Removed.Count);
        Assert.Equal((0L, 0L), (removal.UndeliveredMessages, removal.UndeliveredCallbacks));
        Assert.NotNull(removal.WebappStoppedAt);
        Assert.Equal(before.Where(line => !removal.Removed.Any(node => line.StartsWith(node.Name + " ", StringComparison.Ordinal))), await lab.SnapshotAsync());
        Assert.Contains(await lab.SnapshotAsync(), line => line.StartsWith("old_db_1", StringComparison.Ordinal) && line.Contains("running", StringComparison.Ordinal));
        Assert.Equal(WaSetupState.NotInstalled, setup.State);
        Assert.Equal(
            [
                JournalKinds.RestartPoliciesClearing, JournalKinds.WebappStopping, JournalKinds.Drained, JournalKinds.ClientStopping,
                JournalKinds.ClientStopped, JournalKinds.ClientRemoving, JournalKinds.ClientRemoved,
            ],
            DockerLab.Journal(setup).Kinds);
    }

    [Fact]
    public async Task The_Webapp_stops_first_and_nothing_is_removed_with_force_or_volumes()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);

        await ClientRemover.RunAsync(Drained(lab.Setup("old", port)), Quick, lab.Operation);

        var stopped = lab.Host.Events.All.Where(item => item.Action == "stop").ToList();
        Assert.Equal(3, stopped.Count);
        Assert.Equal("old_waweb_1", stopped[0].Attributes["name"]);
        Assert.Equal("old_waweb_1", lab.Host.Events.All.Last(item => item.Action == "destroy").Attributes["name"]);
    }

    [Fact]
    public async Task Undelivered_callbacks_stop_the_removal_and_nothing_is_changed()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Statistics = area => Statistics(area, messages: 0, callbacks: 7);
        var before = await lab.SnapshotAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientRemover.RunAsync(setup, Quick, lab.Operation));

        Assert.Equal("UndeliveredRemain", error.ErrorId);
        Assert.Contains("7 callbacks", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.SnapshotAsync());
    }

    [Fact]
    public async Task What_comes_to_light_only_after_the_Webapp_stopped_puts_it_back()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("callbackStore", "create table callbacks (id int)", "insert into callbacks values (1), (2)");
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = Drained(lab.Setup("old", port, stores.Database));
        var before = await lab.SnapshotAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientRemover.RunAsync(setup, Quick, lab.Operation));

        Assert.Equal("UndeliveredRemain", error.ErrorId);
        Assert.Contains("2 callbacks", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.SnapshotAsync());
        Assert.Equal(
            [JournalKinds.RestartPoliciesClearing, JournalKinds.WebappStopping, JournalKinds.WebappStartedAgain],
            DockerLab.Journal(setup).Kinds);
    }

    [Fact]
    public async Task What_waits_is_delivered_before_the_Coreapps_stop()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var stores = await StoreServer.StartAsync();
        await stores.CreateAsync("callbackStore", "create table callbacks (id int)", "insert into callbacks values (1)");
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = Drained(lab.Setup("old", port, stores.Database));

        var removing = ClientRemover.RunAsync(setup, Quick with { DrainTimeout = TimeSpan.FromHours(1) }, lab.Operation);
        while (!DockerLab.Journal(setup).Kinds.Contains(JournalKinds.WebappStopping))
        {
            await Task.Delay(20, Cancellation);
        }

        await stores.DoAsync("callbackStore", "delete from callbacks");
        var removal = await removing;

        Assert.Equal(0L, removal.UndeliveredCallbacks);
        Assert.Equal("0", setup.Journal.Last(JournalKinds.Drained, "old")!.Values["callbacks"]);
    }

    [Fact]
    public async Task What_is_abandoned_on_purpose_is_counted_and_warned_of_once()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Statistics = area => Statistics(area, messages: 3, callbacks: 7);

        var removal = await ClientRemover.RunAsync(setup, Quick with { AllowUndelivered = true }, lab.Operation);

        Assert.Equal((3L, 7L), (removal.UndeliveredMessages, removal.UndeliveredCallbacks));
        Assert.Single(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Equal("7", setup.Journal.Last(JournalKinds.Drained, "old")!.Values["callbacks"]);
    }

    [Fact]
    public async Task Where_nothing_tells_what_waits_a_person_decides()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port, DockerLab.Database(string.Empty));
        var before = await lab.SnapshotAsync();

        Assert.Equal("UndeliveredUnknown", (await Assert.ThrowsAsync<WaException>(() => ClientRemover.RunAsync(setup, Quick, lab.Operation))).ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());

        var removal = await ClientRemover.RunAsync(setup, Quick with { AllowUndelivered = true }, lab.Operation);
        Assert.Null(removal.UndeliveredMessages);
    }

    [Fact]
    public async Task The_definitions_are_sealed_before_the_first_container_goes_and_make_the_client_again()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = Drained(lab.Setup("old", port));
        var path = lab.File("source-client.enc");
        var definition = (await lab.Docker.InspectContainerAsync("old_waweb_1", Cancellation))!.Definition;

        var removal = await ClientRemover.RunAsync(setup, Quick with { DefinitionPath = path, DefinitionPassword = Secret.Conceal("s3cret") }, lab.Operation);

        Assert.Equal(path, removal.DefinitionPath);
        Assert.DoesNotContain(DockerLab.Password, await File.ReadAllTextAsync(path, Cancellation), StringComparison.Ordinal);
        var saved = SourceClientFile.Read(path, Secret.Conceal("s3cret"));
        Assert.Equal(["old_master_1", "old_wacore_1", "old_waweb_1"], saved.Containers.Select(container => container.Definition.Name));
        Assert.All(saved.Containers, container => Assert.Equal("unless-stopped", container.Definition.RestartPolicy));
        Assert.Contains("WA_DB_PASSWORD=" + DockerLab.Password, saved.Containers[2].Definition.Environment);
        Assert.Empty(DefinitionComparison.Differences(definition, saved.Containers[2].Definition));

        foreach (var container in saved.Containers)
        {
            await lab.Docker.CreateContainerAsync(container.Definition, Cancellation);
            await lab.Docker.StartContainerAsync(container.Definition.Name, Cancellation);
        }

        Assert.Equal(3, (await ClientInventory.ReadAsync(setup, lab.Operation)).Containers.Count(container => container.IsRunning));
    }

    [Fact]
    public async Task Definitions_that_cannot_be_saved_or_opened_stop_everything_before_it_begins()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = Drained(lab.Setup("old", port));
        var before = await lab.SnapshotAsync();
        var options = Quick with { DefinitionPath = lab.File("source-client.enc"), DefinitionPassword = Secret.Conceal("right") };

        Assert.Equal("DefinitionPasswordMissing", (await FailAsync(setup, options with { DefinitionPassword = null }, lab)).ErrorId);
        Assert.Equal("DefinitionsNotWritten", (await FailAsync(setup, options with { DefinitionPath = lab.File("no/such/folder/file") }, lab)).ErrorId);

        await File.WriteAllTextAsync(options.DefinitionPath!, "something else", Cancellation);
        Assert.Equal("DefinitionsUnreadable", (await FailAsync(setup, options, lab)).ErrorId);
        Assert.Equal("something else", await File.ReadAllTextAsync(options.DefinitionPath!, Cancellation));

        File.Delete(options.DefinitionPath!);
        var nothing = new SourceClient { Setup = "older" };
        SourceClientFile.Ensure(options.DefinitionPath!, Secret.Conceal("right"), setup, nothing, [], lab.Operation);
        Assert.Equal("DefinitionsOfAnother", (await FailAsync(setup, options, lab)).ErrorId);
        Assert.Equal("DefinitionsUnreadable", (await FailAsync(setup, options with { DefinitionPassword = Secret.Conceal("wrong") }, lab)).ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());
        Assert.Equal([JournalKinds.DefinitionsWritten], DockerLab.Journal(setup).Kinds);
    }

    [Fact]
    public async Task A_host_that_is_down_stops_everything_before_it_begins()
    {
        await using var lab = await DockerLab.StartAsync();
        await using var down = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = Drained(lab.Setup("old", port));
        ((ScriptedSetup)setup.Connections).Hosts.Add(down.Docker);
        await down.Host.UnlistenAsync();
        var before = await lab.SnapshotAsync();

        var error = await FailAsync(setup, Quick, lab);

        Assert.Equal("DockerHostUnreachable", error.ErrorId);
        Assert.Equal(down.Host.Address.ToString(), error.Target);
        Assert.Equal(before, await lab.SnapshotAsync());
    }

    [Fact]
    public async Task A_container_that_somebody_starts_in_the_middle_is_noticed_and_stopped()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 2, port);
        var setup = Drained(lab.Setup("old", port));
        lab.Host.Rules.Delay("DELETE", "old_|containers", TimeSpan.FromMilliseconds(300), times: 1);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var meddling = Task.Run(
            async () =>
            {
                while (!DockerLab.Journal(setup).Kinds.Contains(JournalKinds.ClientStopped))
                {
                    await Task.Delay(1, stopping.Token);
                }

                foreach (var webapp in lab.Host.Containers.All.Where(container => container.Name == "old_waweb_1"))
                {
                    await lab.Docker.StartContainerAsync(webapp.Id, stopping.Token);
                }
            },
            stopping.Token);

        await ClientRemover.RunAsync(setup, Quick, lab.Operation);
        await meddling;

        Assert.Empty(await lab.Docker.ListContainersAsync(Cancellation));
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("old_waweb_1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_names_every_container_and_changes_nothing()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        var names = await lab.ComposeAsync("old", masters: 2, coreapps: 3, port);
        var setup = Drained(lab.Setup("old", port));
        var before = await lab.SnapshotAsync();
        var path = lab.File("source-client.enc");

        await ClientRemover.RunAsync(setup, Quick with { DefinitionPath = path, DefinitionPassword = Secret.Conceal("x") }, lab.Console.Operation(planOnly: true));

        Assert.Equal(before, await lab.SnapshotAsync());
        Assert.False(File.Exists(path));
        Assert.Empty(DockerLab.Journal(setup).Kinds);
        var plan = lab.Console.Lines.Where(line => line.StartsWith("what if: ", StringComparison.Ordinal)).ToList();
        Assert.Contains(plan, line => line.Contains(path, StringComparison.Ordinal));
        Assert.All(names, name => Assert.Equal(3, plan.Count(line => line.EndsWith($"{name} on {lab.Host.Address}", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Removing_what_is_gone_already_is_no_error()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");

        var removal = await ClientRemover.RunAsync(setup, Quick, lab.Operation);

        Assert.Empty(removal.Removed);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_off_at_any_change_the_same_command_goes_on_to_the_same_end(bool isJournalled)
    {
        await using var lab = await DockerLab.StartAsync();
        var changes = int.MaxValue;
        for (var at = 1; at <= changes; at++)
        {
            foreach (var after in new[] { false, true })
            {
                var port = lab.Port();
                await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
                var setup = Drained(lab.Setup("old", port));
                setup.Journal = isJournalled ? setup.Journal : new NoJournal();
                var options = isJournalled && !after
                    ? Quick with { DefinitionPath = lab.File($"{at}{after}.enc"), DefinitionPassword = Secret.Conceal("p") }
                    : Quick with { AllowUndelivered = !isJournalled };
                var hosts = ((ScriptedSetup)setup.Connections).Hosts;
                var cutting = new CuttingDockerHost(lab.Docker, at, after);
                hosts[0] = cutting;
                try
                {
                    await ClientRemover.RunAsync(setup, options, lab.Operation);
                }
                catch (CutException)
                {
                    // The process is dead; the next run begins with what it left.
                }

                changes = Math.Min(changes, cutting.Changes < at ? at - 1 : int.MaxValue);
                hosts[0] = lab.Docker;
                DockerLab.Api(setup).Statistics = area => throw ScriptedApi.Refused("the Webapp is gone");
                if (at <= 3)
                {
                    Drained(setup);
                }

                await RunAgainAsync(setup, options, lab);

                Assert.Empty(await lab.Docker.ListContainersAsync(Cancellation));
                Assert.Contains(lab.Host.Volumes.All, volume => volume.Name == "old_whatsappMedia");
                if (options is { DefinitionPath: { } path, DefinitionPassword: { } password })
                {
                    var saved = SourceClientFile.Read(path, password);
                    Assert.Equal(3, saved.Containers.Count);
                    Assert.All(saved.Containers, container => Assert.Equal("unless-stopped", container.Definition.RestartPolicy));
                }
            }
        }

        // Three policies, three stops, three removals.
        Assert.Equal(9, changes);
    }

    /// <summary>Cut between the Webapp's stop and the count, nothing but the databases can tell what waits; a person may say go.</summary>
    private static async Task RunAgainAsync(WaSetup setup, RemoveOptions options, DockerLab lab)
    {
        try
        {
            await ClientRemover.RunAsync(setup, options, lab.Operation);
        }
        catch (WaException unknown) when (unknown.ErrorId == "UndeliveredUnknown")
        {
            await ClientRemover.RunAsync(setup, options with { AllowUndelivered = true }, lab.Operation);
        }
    }

    private static Task<WaException> FailAsync(WaSetup setup, RemoveOptions options, DockerLab lab) =>
        Assert.ThrowsAsync<WaException>(() => ClientRemover.RunAsync(setup, options, lab.Operation));

    private static WaSetup Drained(WaSetup setup)
    {
        DockerLab.Api(setup).Statistics = area => Statistics(area, 0, 0);
        return setup;
    }

    /// <summary>The shape of a multiconnect client: nodes above metrics, numbers of the database at the primary Master alone.</summary>
    private static JsonObject Statistics(string area, int messages, int callbacks) => (JsonObject)JsonNode.Parse(area == "db"
        ? $$"""
            { "master1:aa": { "db_pending_messages": { "help": "", "type": "gauge", "data": [ { "labels": {}, "value": {{messages}} } ] },
                              "db_pending_callbacks": { "help": "", "type": "gauge", "data": [ { "labels": {}, "value": {{callbacks}} } ] } },
              "wacore1:bb": {} }
            """
        : """
            { "wacore1:bb": { "callback_queue_size": { "help": "", "type": "gauge", "data": [ { "labels": {}, "value": 0 } ] } },
              "wacore2:cc": { "callback_queue_size": { "help": "", "type": "gauge", "data": [ { "labels": {}, "value": 0 } ] } } }
            """)!;
}
