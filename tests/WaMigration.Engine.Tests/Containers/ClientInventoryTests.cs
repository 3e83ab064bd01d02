using WaMigration.Containers;
using WaMigration.Setups;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ClientInventoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_are_found_by_image_and_Masters_by_their_variable()
    {
        await using var lab = await DockerLab.StartAsync("registry.example:5000/mirror/wa");
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 2, coreapps: 3, port, registry: "registry.example:5000/mirror/wa");
        var setup = lab.Setup("old", port);

        var inventory = await ClientInventory.ReadAsync(setup, lab.Operation);

        Assert.Equal("old", inventory.Project);
        Assert.Equal(
            ["Master old_master_1", "Master old_master_2", "Coreapp old_wacore_1", "Coreapp old_wacore_2", "Coreapp old_wacore_3", "Webapp old_waweb_1"],
            inventory.Nodes.Select(node => $"{node.Role} {node.Name}"));
        Assert.All(inventory.Nodes, node =>
        {
            Assert.Equal(lab.Host.Address, node.DockerHost);
            Assert.Equal("2.53.1", node.Version);
            Assert.True(node.IsRunning);
        });
    }

    [Fact]
    public async Task Images_that_are_called_the_same_but_are_not_the_clients_are_left_alone()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.Add(new DockerImage("example/web", "v1") { Command = ["run"] });
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        await lab.Docker.CreateContainerAsync(new ContainerDefinition { Name = "shop", Image = "example/web:v1", Environment = ["PORT=80"] }, Cancellation);

        var inventory = await ClientInventory.ReadAsync(lab.Setup("old", port), lab.Operation);

        Assert.DoesNotContain(inventory.Nodes, node => node.Name == "shop");
    }

    [Fact]
    public async Task A_database_beside_the_client_is_shown_and_one_of_another_project_is_not()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.Add(new DockerImage("postgres", "13.8") { Command = ["postgres"] });
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        await lab.Docker.CreateContainerAsync(Postgres("old"), Cancellation);
        await lab.Docker.CreateContainerAsync(Postgres("shop"), Cancellation);

        var inventory = await ClientInventory.ReadAsync(lab.Setup("old", port), lab.Operation);

        Assert.Equal("old_db_1", Assert.Single(inventory.Databases).Name);
        Assert.Contains(inventory.Nodes, node => node is { Role: WaNodeRole.Database, Name: "old_db_1" });
        Assert.DoesNotContain(inventory.Containers, container => container.Role == WaNodeRole.Database);
    }

    [Fact]
    public async Task Old_and_new_on_one_host_are_told_apart_by_the_published_port()
    {
        await using var lab = await DockerLab.StartAsync();
        var (oldPort, newPort) = (lab.Port(), lab.Port());
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, oldPort);
        await lab.ComposeAsync("new", masters: 1, coreapps: 2, newPort);

        var old = await ClientInventory.ReadAsync(lab.Setup("old", oldPort), lab.Operation);
        var young = await ClientInventory.ReadAsync(lab.Setup("new", newPort), lab.Operation);

        Assert.All(old.Nodes, node => Assert.StartsWith("old_", node.Name, StringComparison.Ordinal));
        Assert.Equal(3, old.Nodes.Count);
        Assert.All(young.Nodes, node => Assert.StartsWith("new_", node.Name, StringComparison.Ordinal));
        Assert.Equal(4, young.Nodes.Count);
    }

    [Fact]
    public async Task Behind_a_proxy_the_database_decides_and_without_it_the_candidates_are_named()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port(), prefix: "old_", databaseHost: "db");
        await lab.ComposeAsync("new", masters: 0, coreapps: 1, lab.Port(), prefix: "new_", databaseHost: "db");
        var setup = lab.Setup("old");
        DockerLab.Api(setup).Answers = () => Task.FromResult(true);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInventory.ReadAsync(setup, lab.Operation));
        Assert.Equal("ClientAmbiguous", error.ErrorId);
        Assert.Equal(2, error.Evidence.Count);
        Assert.Contains(error.Evidence, line => line.StartsWith("old ", StringComparison.Ordinal));
        Assert.Contains(error.Evidence, line => line.StartsWith("new ", StringComparison.Ordinal));

        setup.Database = DockerLab.Database("old_", host: "db", port: 1);
        Assert.Equal("old", (await ClientInventory.ReadAsync(setup, lab.Operation)).Project);
    }

    [Fact]
    public async Task A_client_that_is_gone_is_not_replaced_by_its_neighbour()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        var names = await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        foreach (var name in await lab.ComposeAsync("neighbour", masters: 0, coreapps: 1, lab.Port()))
        {
            await lab.Docker.StopContainerAsync(name, TimeSpan.FromSeconds(1), Cancellation);
        }

        await lab.Docker.RemoveContainerAsync("neighbour_waweb_1", Cancellation);
        var setup = lab.Setup("old", port);
        await DatabaseDiscovery.EnsureAsync(setup, lab.Operation);
        foreach (var name in names)
        {
            await lab.Docker.StopContainerAsync(name, TimeSpan.FromSeconds(1), Cancellation);
            await lab.Docker.RemoveContainerAsync(name, Cancellation);
        }

        Assert.NotNull(setup.Database);
        Assert.Empty((await ClientInventory.ReadAsync(setup, lab.Operation)).Nodes);
    }

    [Fact]
    public async Task The_only_client_behind_a_proxy_that_answers_is_the_one()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());
        var setup = lab.Setup("old");
        DockerLab.Api(setup).Answers = () => Task.FromResult(true);

        Assert.Equal("old", (await ClientInventory.ReadAsync(setup, lab.Operation)).Project);
    }

    [Fact]
    public async Task A_setup_that_is_not_there_yet_does_not_take_the_old_client_for_its_own()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, lab.Port());

        var inventory = await ClientInventory.ReadAsync(lab.Setup("new", state: WaSetupState.Unknown), lab.Operation);

        Assert.Empty(inventory.Nodes);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("verbose: ", StringComparison.Ordinal) && line.Contains("old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_left_of_a_client_whose_Webapp_is_gone_is_still_its_own()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        await lab.Docker.StopContainerAsync("old_waweb_1", TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.RemoveContainerAsync("old_waweb_1", Cancellation);

        Assert.Equal(2, (await ClientInventory.ReadAsync(lab.Setup("old", port), lab.Operation)).Nodes.Count);
    }

    [Fact]
    public async Task The_parts_on_several_hosts_are_one_client_by_their_databases()
    {
        await using var first = await DockerLab.StartAsync();
        await using var second = await DockerLab.StartAsync();
        var port = first.Port();
        await first.ComposeAsync("wa", masters: 1, coreapps: 1, port, databaseHost: "db.example.com");
        await second.ComposeAsync("installation", masters: 1, coreapps: 1, second.Port(), databaseHost: "db.example.com");
        var setup = first.Setup("wa", port);
        ((ScriptedSetup)setup.Connections).Hosts.Add(second.Docker);

        var inventory = await ClientInventory.ReadAsync(setup, first.Operation);

        Assert.Equal(6, inventory.Nodes.Count);
        Assert.Equal(2, inventory.Nodes.Select(node => node.DockerHost).Distinct().Count());
    }

    [Fact]
    public async Task A_host_that_is_down_is_named_with_the_nodes_that_were_seen_on_it()
    {
        await using var first = await DockerLab.StartAsync();
        await using var second = await DockerLab.StartAsync();
        var port = first.Port();
        await first.ComposeAsync("wa", masters: 1, coreapps: 1, port, databaseHost: "db.example.com");
        await second.ComposeAsync("other", masters: 1, coreapps: 1, second.Port(), databaseHost: "db.example.com");
        var setup = first.Setup("wa", port);
        ((ScriptedSetup)setup.Connections).Hosts.Add(second.Docker);
        await ClientInventory.ReadAsync(setup, first.Operation);
        await second.Host.UnlistenAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInventory.ReadAsync(setup, first.Operation));

        Assert.Equal("DockerHostUnreachable", error.ErrorId);
        Assert.Contains(second.Host.Address.ToString(), error.Message, StringComparison.Ordinal);
        var line = Assert.Single(error.Evidence);
        Assert.Contains("other_master_1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wa_master_1", line, StringComparison.Ordinal);
    }

    private static ContainerDefinition Postgres(string project) => new()
    {
        Name = project + "_db_1",
        Image = "postgres:13.8",
        Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = project, ["com.docker.compose.service"] = "db" },
    };
}
