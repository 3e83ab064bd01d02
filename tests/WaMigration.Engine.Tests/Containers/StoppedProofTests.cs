using System.Text.Json.Nodes;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class StoppedProofTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_client_is_not_stopped_and_what_runs_is_named()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Health = () => new JsonObject();

        var error = await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation));

        Assert.Equal("SourceStillRunning", error.ErrorId);
        Assert.Contains(error.Evidence, line => line.Contains("old_master_1", StringComparison.Ordinal));
        Assert.Contains(error.Evidence, line => line.Contains(setup.ApiUri.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_node_that_a_restart_policy_brought_back_is_enough()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        foreach (var name in await lab.ComposeAsync("old", masters: 1, coreapps: 2, port))
        {
            await lab.Docker.StopContainerAsync(name, TimeSpan.FromSeconds(1), Cancellation);
        }

        await lab.Docker.StartContainerAsync("old_wacore_2", Cancellation);

        var error = await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(lab.Setup("old", port), lab.Operation));
        Assert.Equal("SourceStillRunning", error.ErrorId);
        Assert.Contains("old_wacore_2", Assert.Single(error.Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_persons_word_does_not_stand_against_what_is_seen()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        var setup = lab.Setup("old", port);
        StoppedProof.State(setup, "jane", lab.Operation);

        Assert.Equal("SourceStillRunning", (await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation))).ErrorId);
    }

    [Fact]
    public async Task A_host_that_cannot_be_asked_proves_nothing_until_a_person_says_so()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");
        await lab.Host.UnlistenAsync();
        DockerLab.Api(setup).Answers = () => Task.FromResult(false);

        var error = await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation));
        Assert.Equal("SourceNotProvedStopped", error.ErrorId);
        Assert.Contains(lab.Host.Address.ToString(), error.Evidence[0], StringComparison.Ordinal);

        StoppedProof.State(setup, "jane", lab.Operation);
        var evidence = await StoppedProof.RequireAsync(setup, lab.Operation);

        Assert.Equal("jane", evidence.Statement?.Person);
        var stated = setup.Journal.Last(JournalKinds.SourceStoppedStated, "old");
        Assert.Equal("jane", stated?.Values["person"]);
        Assert.Equal("jane", setup.Journal.Last(JournalKinds.SourceStoppedProved, "old")?.Values["statedBy"]);
    }

    [Fact]
    public async Task A_statement_of_an_earlier_run_is_read_from_the_journal()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");
        ((ScriptedSetup)setup.Connections).Hosts.Clear();
        DockerLab.Api(setup).Answers = () => Task.FromResult(false);
        setup.Journal.Write(JournalKinds.SourceStoppedStated, "old", ("person", "joe"));

        Assert.Equal("joe", (await StoppedProof.RequireAsync(setup, lab.Operation)).Statement?.Person);
    }

    [Fact]
    public async Task Without_any_Docker_host_nothing_is_proved()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");
        ((ScriptedSetup)setup.Connections).Hosts.Clear();
        DockerLab.Api(setup).Answers = () => Task.FromResult(false);

        Assert.Equal("SourceNotProvedStopped", (await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation))).ErrorId);
    }

    [Fact]
    public async Task A_proxy_that_finds_nobody_behind_it_is_no_running_client()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old");
        var api = DockerLab.Api(setup);
        api.Answers = () => Task.FromResult(true);
        api.Health = () => throw ScriptedApi.Refused("<html>", 502, null);

        Assert.Null((await StoppedProof.RequireAsync(setup, lab.Operation)).Statement);

        api.Health = () => throw ScriptedApi.Refused("health");
        Assert.Equal("SourceStillRunning", (await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation))).ErrorId);
    }

    [Fact]
    public async Task A_database_that_cannot_be_asked_counts_as_not_proved()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("old", database: DockerLab.Database());

        var error = await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation));
        Assert.Equal("SourceNotProvedStopped", error.ErrorId);
        Assert.Contains("127.0.0.1:1", Assert.Single(error.Evidence), StringComparison.Ordinal);

        setup.Database = DockerLab.Database(engine: WaDatabaseEngine.MySql);
        Assert.Equal("SourceNotProvedStopped", (await Assert.ThrowsAsync<WaException>(() => StoppedProof.RequireAsync(setup, lab.Operation))).ErrorId);
    }

    [Fact]
    public async Task A_plan_tells_the_proof_and_neither_fails_nor_writes()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        var setup = lab.Setup("old", port);

        await StoppedProof.RequireAsync(setup, lab.Console.Operation(planOnly: true));

        Assert.Contains(lab.Console.Lines, line => line.StartsWith("what if: ", StringComparison.Ordinal));
        Assert.Empty(DockerLab.Journal(setup).Kinds);
    }
}
