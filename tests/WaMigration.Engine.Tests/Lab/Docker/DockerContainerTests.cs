using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using WaSimulator.Hosting;
using Xunit;

namespace WaMigration.Engine.Tests.Lab.Docker;

public sealed class DockerContainerTests
{
    private static CancellationToken Cancellation => DockerProbe.Cancellation;

    [Fact]
    public async Task The_engine_tells_its_versions()
    {
        await using var docker = await DockerProbe.StartAsync();
        var version = await docker.Client.System.GetVersionAsync(Cancellation);
        Assert.Equal("1.41", version.APIVersion);
        await docker.Client.System.PingAsync(Cancellation);
        var info = await docker.Client.System.GetSystemInfoAsync(Cancellation);
        Assert.Equal("linux", info.OSType);
        Assert.Equal(0, info.Containers);
        Assert.Equal(2, info.Images);
    }

    [Fact]
    public async Task Too_new_and_too_old_clients_are_refused()
    {
        await using var docker = await DockerProbe.StartAsync();
        using var configuration = new DockerClientConfiguration(docker.Host.Address);
        using var newer = configuration.CreateClient(new System.Version(1, 99));
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => newer.System.PingAsync(Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("too new", refused.ResponseBody, StringComparison.Ordinal);
        using var older = configuration.CreateClient(new System.Version(1, 11));
        Assert.Contains("too old", (await Assert.ThrowsAsync<DockerApiException>(() => older.System.PingAsync(Cancellation))).ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_shows_what_it_was_created_from()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.CreateAsync("wa-master-1", p =>
        {
            p.Env = ["WA_MASTER_NODE=1", "WA_SIM_SCALE=0.5"];
            p.Cmd = ["/opt/whatsapp/bin/wait_on_postgres.sh", "/opt/whatsapp/bin/launch_within_docker.sh"];
            p.Hostname = "master1";
            p.Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "wa" };
            p.HostConfig.Binds = ["whatsappMedia:/usr/local/wamedia"];
            p.HostConfig.CapDrop = ["MKNOD"];
            p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped };
            p.HostConfig.PortBindings = new Dictionary<string, IList<PortBinding>> { ["6250/tcp"] = [new PortBinding { HostPort = "16254" }] };
        });
        var found = await docker.InspectAsync("wa-master-1");
        Assert.Equal(id, found.ID);
        Assert.Equal("/wa-master-1", found.Name);
        Assert.Equal("created", found.State.Status);
        Assert.False(found.State.Running);
        Assert.Equal("0001-01-01T00:00:00Z", found.State.StartedAt);
        Assert.StartsWith("sha256:", found.Image, StringComparison.Ordinal);
        Assert.Equal(DockerProbe.Coreapp, found.Config.Image);
        Assert.Equal("master1", found.Config.Hostname);
        Assert.Contains("WA_MASTER_NODE=1", found.Config.Env);
        Assert.Contains("WA_SIM_SCALE=0.5", found.Config.Env);
        Assert.DoesNotContain("WA_SIM_SCALE=0.02", found.Config.Env);
        Assert.Contains(found.Config.Env, e => e.StartsWith("PATH=", StringComparison.Ordinal));
        Assert.Equal("2027-01-31", found.Config.Labels["EXPIRES_ON"]);
        Assert.Equal("wa", found.Config.Labels["com.docker.compose.project"]);
        Assert.Equal(["6250/tcp", "6251/tcp", "6252/tcp", "6253/tcp"], found.Config.ExposedPorts.Keys.Order());
        Assert.Equal("/opt/whatsapp/bin/wait_on_postgres.sh", found.Path);
        Assert.Equal(RestartPolicyKind.UnlessStopped, found.HostConfig.RestartPolicy.Name);
        Assert.Equal(["MKNOD"], found.HostConfig.CapDrop);
        Assert.Equal("16254", found.HostConfig.PortBindings["6250/tcp"][0].HostPort);
        var mount = Assert.Single(found.Mounts);
        Assert.Equal(("volume", "whatsappMedia", "/usr/local/wamedia", true), (mount.Type, mount.Name, mount.Destination, mount.RW));
        Assert.Empty(found.NetworkSettings.Ports ?? new Dictionary<string, IList<PortBinding>>());
        Assert.Contains("bridge", found.NetworkSettings.Networks.Keys);
    }

    [Fact]
    public async Task Names_and_images_must_fit()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.CreateAsync("one");
        var conflict = await Assert.ThrowsAsync<DockerApiException>(() => docker.CreateAsync("one"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Contains("is already in use by container", conflict.ResponseBody, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => docker.CreateAsync("two", image: "docker.whatsapp.biz/coreapp:v9"));
        var name = await Assert.ThrowsAsync<DockerApiException>(() => docker.CreateAsync("no spaces"));
        Assert.Equal(HttpStatusCode.BadRequest, name.StatusCode);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => docker.InspectAsync("nobody"));
    }

    [Fact]
    public async Task A_container_runs_stops_and_runs_again()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa", p => p.Env = ["WA_MASTER_NODE=1"]);
        Assert.Equal(NodeRole.Master, docker.LastNode().Spec.Role);
        Assert.Equal("2.53.1", docker.LastNode().Spec.Version);
        Assert.Equal("0.02", docker.LastNode().Spec.Environment["WA_SIM_SCALE"]);
        Assert.Equal(id[..12], docker.LastNode().Spec.Hostname);
        Assert.False(await docker.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), Cancellation));
        Assert.True((await docker.InspectAsync(id)).State.Running);
        Assert.True(await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 30 }, Cancellation));
        var stopped = await docker.InspectAsync(id);
        Assert.Equal(("exited", 0L, false), (stopped.State.Status, stopped.State.ExitCode, stopped.State.Running));
        Assert.False(await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), Cancellation));
        await docker.Client.Containers.RestartContainerAsync(id, new ContainerRestartParameters(), Cancellation);
        Assert.True((await docker.InspectAsync(id)).State.Running);
        Assert.Equal(2, docker.Nodes.Count);
    }

    [Fact]
    public async Task A_container_that_ignores_SIGTERM_is_killed_after_its_grace()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa", p => p.Env = ["PROBE_IGNORES_STOP=1"]);
        await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters { WaitBeforeKillSeconds = 1 }, Cancellation);
        Assert.Equal(137, (await docker.InspectAsync(id)).State.ExitCode);
    }

    [Fact]
    public async Task Killing_works_on_running_containers_only()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa", p => p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always });
        await docker.Client.Containers.KillContainerAsync(id, new ContainerKillParameters(), Cancellation);
        Assert.Equal("exited", (await docker.InspectAsync(id)).State.Status);
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Containers.KillContainerAsync(id, new ContainerKillParameters(), Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task Removal_wants_a_stopped_container_or_force()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa", p => p.Volumes = new Dictionary<string, EmptyStruct> { ["/scratch"] = default });
        var refused = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters(), Cancellation));
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Single(docker.Host.Volumes.All);
        await docker.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, Cancellation);
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => docker.InspectAsync(id));
        Assert.Empty(docker.Host.Volumes.All);
    }

    [Fact]
    public async Task Restart_policies_act_when_a_process_ends_by_itself()
    {
        await using var docker = await DockerProbe.StartAsync();
        var always = await docker.RunAsync("always", p => p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always });
        await docker.Host.CrashAsync("always");
        var restarted = await docker.WaitForAsync(always, c => c.RestartCount == 1 && !c.State.Restarting);
        Assert.True(restarted.State.Running);
        var onFailure = await docker.RunAsync("onfailure", p => p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.OnFailure });
        docker.LastNode().Exit(0);
        await docker.WaitForAsync(onFailure, c => c.State.Status == "exited");
        var never = await docker.RunAsync("never");
        await docker.Host.CrashAsync("never");
        await docker.WaitForAsync(never, c => c.State.Status == "exited" && c.State.ExitCode == 137);
    }

    [Fact]
    public async Task A_policy_set_to_no_keeps_a_crashed_container_down()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa", p => p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped });
        await docker.Client.Containers.UpdateContainerAsync(
            id, new ContainerUpdateParameters { RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No } }, Cancellation);
        Assert.Equal(RestartPolicyKind.No, (await docker.InspectAsync(id)).HostConfig.RestartPolicy.Name);
        await docker.Host.CrashAsync("wa");
        Assert.Equal("exited", (await docker.InspectAsync(id)).State.Status);
    }

    [Fact]
    public async Task Stop_ends_a_restart_loop()
    {
        await using var docker = await DockerProbe.StartAsync();
        docker.Host.Rules.WillNotStart("^wa$", 3, "no licence", "giving up");
        var id = await docker.RunAsync("wa", p => p.HostConfig.RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always });
        await docker.WaitForAsync(id, c => c.State.Restarting && c.State.ExitCode == 3);
        await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), Cancellation);
        var stopped = await docker.InspectAsync(id);
        Assert.Equal(("exited", false), (stopped.State.Status, stopped.State.Running));
        Assert.Contains(docker.Host.Containers.Find("wa")!.Log.Lines, l => l.Text == "giving up");
    }

    [Fact]
    public async Task Containers_are_found_by_label_image_status_and_name()
    {
        await using var docker = await DockerProbe.StartAsync();
        await docker.RunAsync("wa-core-1", p => p.Labels = new Dictionary<string, string> { ["role"] = "core" });
        await docker.CreateAsync("wa-web-1", image: DockerProbe.Web);
        Assert.Equal(["/wa-core-1"], await ListAsync(docker, all: false));
        Assert.Equal(2, (await ListAsync(docker, all: true)).Count);
        Assert.Equal(["/wa-core-1"], await ListAsync(docker, all: true, ("label", "role=core")));
        Assert.Equal(["/wa-web-1"], await ListAsync(docker, all: true, ("ancestor", DockerProbe.Web)));
        Assert.Equal(["/wa-web-1"], await ListAsync(docker, all: false, ("status", "created")));
        Assert.Equal(["/wa-web-1"], await ListAsync(docker, all: true, ("name", "web")));
        Assert.Empty(await ListAsync(docker, all: true, ("label", "role=web")));
    }

    [Fact]
    public async Task Renaming_and_waiting_work()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa");
        await docker.Client.Containers.RenameContainerAsync(id, new ContainerRenameParameters { NewName = "kept" }, Cancellation);
        Assert.Equal("/kept", (await docker.InspectAsync(id)).Name);
        var wait = docker.Client.Containers.WaitContainerAsync(id, Cancellation);
        docker.LastNode().Exit(7);
        Assert.Equal(7, (await wait).StatusCode);
    }

    private static async Task<List<string>> ListAsync(DockerProbe docker, bool all, params (string Name, string Value)[] filters)
    {
        var list = await docker.Client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = all,
                Filters = filters.ToDictionary(f => f.Name, f => (IDictionary<string, bool>)new Dictionary<string, bool> { [f.Value] = true }),
            },
            Cancellation);
        return [.. list.SelectMany(c => c.Names).Order(StringComparer.Ordinal)];
    }
}
