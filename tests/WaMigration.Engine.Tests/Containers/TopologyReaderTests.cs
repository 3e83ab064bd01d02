using System.Text.Json.Nodes;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class TopologyReaderTests
{
    [Fact]
    public async Task Nodes_come_from_the_containers_and_shards_from_the_API()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 2, coreapps: 3, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Shards = () => 2;

        var topology = await TopologyReader.ReadAsync(setup, lab.Operation);

        Assert.Equal((2, 3, 1, 2), (topology.Masters, topology.Coreapps, topology.Webapps, topology.Shards));
        Assert.Equal("2.53.1", topology.ClientVersion);
        Assert.Equal(WaDatabaseEngine.PostgreSql, topology.DatabaseEngine);
        Assert.True(topology.IsMulticonnect);
        Assert.Equal(6, topology.Nodes.Count);
    }

    [Fact]
    public async Task Where_the_number_of_shards_is_not_told_the_nodes_ranges_tell_it()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 2, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Support = () => (JsonObject)JsonNode.Parse(
            """
            { "master1:aa": { "version": "2.53.1", "shards": [[-1,-1]] },
              "wacore1:bb": { "version": "2.53.1", "shards": [[0,0]] },
              "wacore2:cc": { "version": "2.53.1", "shards": [[1,1]] } }
            """)!;

        Assert.Equal(2, (await TopologyReader.ReadAsync(setup, lab.Operation)).Shards);
    }

    [Fact]
    public async Task What_nothing_tells_is_null()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 2, port);
        var setup = lab.Setup("old", port);

        Assert.Null((await TopologyReader.ReadAsync(setup, lab.Operation)).Shards);
        await lab.Host.UnlistenAsync();
        DockerLab.Api(setup).Answers = () => Task.FromResult(false);
        var topology = await TopologyReader.ReadAsync(setup, lab.Operation);

        Assert.Null(topology.Masters);
        Assert.Null(topology.Coreapps);
        Assert.Null(topology.Webapps);
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_Docker_the_nodes_that_health_names_are_counted_unless_one_hides_its_role()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");
        ((ScriptedSetup)setup.Connections).Hosts.Clear();
        var api = DockerLab.Api(setup);
        api.Answers = () => Task.FromResult(true);
        var health = """
            { "master1:aa": { "gateway_status": "connected", "role": "primary_master" },
              "master2:ab": { "gateway_status": "disconnected", "role": "secondary_master" },
              "wacore1:bb": { "gateway_status": "connected", "role": "coreapp" } }
            """;
        api.Health = () => (JsonObject)JsonNode.Parse(health)!;

        var topology = await TopologyReader.ReadAsync(setup, lab.Operation);
        Assert.Equal((2, 1, (int?)null), (topology.Masters, topology.Coreapps, topology.Webapps));

        health = """{ "master1:aa": { "gateway_status": "connected", "role": "primary_master" }, "wacore1:bb": { "errors": [] } }""";
        topology = await TopologyReader.ReadAsync(setup, lab.Operation);
        Assert.Null(topology.Masters);
        Assert.Null(topology.Coreapps);
    }

    [Fact]
    public async Task Containers_of_different_versions_have_no_version()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.Add(new WaSimulator.DockerApi.DockerImage("docker.whatsapp.biz/coreapp", "v2.51.1") { Command = ["run"] });
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        var coreapp = (await lab.Docker.InspectContainerAsync("old_wacore_1", TestContext.Current.CancellationToken))!.Definition;
        await lab.Docker.CreateContainerAsync(coreapp with { Name = "old_wacore_2", Image = "docker.whatsapp.biz/coreapp:v2.51.1" }, TestContext.Current.CancellationToken);

        Assert.Null((await TopologyReader.ReadAsync(lab.Setup("old", port), lab.Operation)).ClientVersion);
    }
}
