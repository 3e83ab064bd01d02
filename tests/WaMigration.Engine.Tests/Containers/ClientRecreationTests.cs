using System.Text.Json.Nodes;
using WaMigration.Containers;
using WaMigration.Security;
using WaSimulator.DockerApi;

namespace WaMigration.Engine.Tests.Containers;

/// <summary>A removed client is made again from its saved definitions.</summary>
public sealed class ClientRecreationTests
{
    private const string Password = "password of the definitions";
    private static readonly RecreateOptions Stated = new() { SourceStopped = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_container_is_as_it_was_and_runs()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, before) = await RemovedAsync(lab);

        var nodes = await ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation);

        Assert.Equal(before.Count, nodes.Count);
        Assert.All(nodes, node => Assert.True(node.IsRunning));
        Assert.Equal(before, await DefinitionsAsync(lab));
        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Equal("wa_", setup.Database!.NamePrefix);
        Assert.Equal(
            [JournalKinds.ClientRecreating, JournalKinds.ClientStarting, JournalKinds.ClientRecreated],
            DockerLab.Journal(setup).Kinds.Skip(DockerLab.Journal(setup).Kinds.ToList().IndexOf(JournalKinds.ClientRemoved) + 1));
    }

    [Fact]
    public async Task Cut_off_at_any_change_and_run_again_it_ends_the_same()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, before) = await RemovedAsync(lab);
        var counting = await RecreateAsync(lab, setup, path, at: int.MaxValue, after: false);
        await RemoveAgainAsync(lab, setup);

        for (var at = 1; at <= counting; at += 2)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => RecreateAsync(lab, setup, path, at, after: at % 4 == 1));
            await RecreateAsync(lab, setup, path, int.MaxValue, after: false);

            Assert.Equal(before, await DefinitionsAsync(lab));
            Assert.All(lab.Host.Containers.All, container => Assert.True(container.IsRunning));
            await RemoveAgainAsync(lab, setup);
        }
    }

    [Fact]
    public async Task A_container_that_is_there_is_kept_when_it_is_as_saved()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, before) = await RemovedAsync(lab, remove: "old_wacore_1");
        var kept = lab.Host.Containers.All.Select(container => container.Id).ToList();
        Assert.NotEmpty(kept);

        await ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation);

        Assert.Equal(before, await DefinitionsAsync(lab));
        Assert.Subset(lab.Host.Containers.All.Select(container => container.Id).ToHashSet(), kept.ToHashSet());
    }

    [Fact]
    public async Task Another_container_under_a_saved_name_is_refused_and_nothing_is_made()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, _) = await RemovedAsync(lab);
        var image = $"{DockerImage.VendorRegistry}/coreapp:v{DockerLab.Version}";
        await lab.Docker.CreateContainerAsync(new ContainerDefinition { Name = "old_wacore_1", Image = image, Environment = ["WA_DB_HOSTNAME=elsewhere"] }, Cancellation);
        var before = await lab.SnapshotAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation));

        Assert.Equal("ContainerNameTaken", error.ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());
    }

    [Fact]
    public async Task Another_image_under_the_same_name_is_refused_and_nothing_is_made()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, _) = await RemovedAsync(lab);
        foreach (var image in DockerImage.Vendor(DockerLab.Version, new DateOnly(2027, 1, 31), new Dictionary<string, string>()))
        {
            lab.Host.Images.Add(image with { Id = "sha256:" + new string('a', 64) });
        }


        var error = await Assert.ThrowsAsync<WaException>(() => ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation));

        Assert.Equal("ImageChanged", error.ErrorId);
        Assert.Contains("docker tag", error.Remedy, StringComparison.Ordinal);
        Assert.Empty(lab.Host.Containers.All);
    }

    [Fact]
    public async Task Nothing_is_made_while_the_other_client_runs()
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, _) = await RemovedAsync(lab);
        var port = lab.Port();
        await lab.ComposeAsync("new", masters: 1, coreapps: 1, port, prefix: "new_");
        var before = await lab.SnapshotAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientRecreation.RunAsync(
            setup, path, Conceal(Password), Stated with { Source = lab.Setup("new", port) }, lab.Operation));

        Assert.Equal("SourceStillRunning", error.ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());
    }

    [Theory]
    [InlineData("wrong", "DefinitionsUnreadable")]
    [InlineData(Password, "DefinitionsMissing")]
    public async Task A_wrong_password_and_a_missing_file_are_told_apart(string password, string id)
    {
        await using var lab = await DockerLab.StartAsync();
        var (setup, path, _) = await RemovedAsync(lab);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientRecreation.RunAsync(
            setup, id == "DefinitionsMissing" ? path + ".none" : path, Conceal(password), Stated, lab.Operation));

        Assert.Equal(id, error.ErrorId);
        Assert.Empty(lab.Host.Containers.All);
    }

    /// <summary>A client of three containers whose definitions were saved, and which was removed, or one container of which was.</summary>
    private static async Task<(WaSetup Setup, string Path, IReadOnlyDictionary<string, string> Before)> RemovedAsync(DockerLab lab, string? remove = null)
    {
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port, prefix: "wa_");
        var before = await DefinitionsAsync(lab);
        var setup = lab.Setup("old", port);
        DockerLab.Api(setup).Statistics = _ => new JsonObject();
        var path = lab.File("definitions.enc");
        var options = new RemoveOptions { DefinitionPath = path, DefinitionPassword = Conceal(Password), DrainTimeout = TimeSpan.Zero, AllowUndelivered = true };
        if (remove is null)
        {
            await ClientRemover.RunAsync(setup, options, lab.Operation);
            return (setup, path, before);
        }

        await ClientRemover.RunAsync(setup, options, lab.Operation);
        await ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation);
        await lab.Docker.SetRestartPolicyAsync("old_waweb_1", "no", Cancellation);
        await lab.Docker.StopContainerAsync("old_waweb_1", TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.StopContainerAsync(remove, TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.RemoveContainerAsync(remove, Cancellation);
        return (setup, path, before);
    }

    private static async Task RemoveAgainAsync(DockerLab lab, WaSetup setup)
    {
        ((ScriptedSetup)setup.Connections).Hosts[0] = lab.Docker;
        await ClientRemover.RunAsync(setup, new RemoveOptions { DrainTimeout = TimeSpan.Zero, AllowUndelivered = true }, lab.Operation);
    }

    private static async Task<int> RecreateAsync(DockerLab lab, WaSetup setup, string path, int at, bool after)
    {
        var host = new CuttingDockerHost(lab.Docker, at, after);
        ((ScriptedSetup)setup.Connections).Hosts[0] = host;
        await ClientRecreation.RunAsync(setup, path, Conceal(Password), Stated, lab.Operation);
        return host.Changes;
    }

    /// <summary>What each container was made with; ids and times are of no matter.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> DefinitionsAsync(DockerLab lab)
    {
        var definitions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var listed in await lab.Docker.ListContainersAsync(Cancellation))
        {
            var definition = (await lab.Docker.InspectContainerAsync(listed.Id, Cancellation))!.Definition;
            definitions[listed.Name] = string.Join(
                '\n',
                (string[])
                [
                    definition.Image, definition.ImageId, definition.RestartPolicy, definition.NetworkMode, definition.Hostname,
                    .. definition.Command, .. definition.Entrypoint, .. definition.CapDrop,
                    .. definition.Environment.Order(StringComparer.Ordinal),
                    .. definition.Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal),
                    .. definition.Ports.Select(port => port.ToString()),
                    .. definition.Mounts.Select(mount => mount.ToString()),
                    .. definition.Networks.Select(network => $"{network.Name}: {string.Join(' ', network.Aliases)}"),
                ]);
        }

        return definitions;
    }

    private static System.Security.SecureString Conceal(string text) => Secret.Conceal(text);
}
