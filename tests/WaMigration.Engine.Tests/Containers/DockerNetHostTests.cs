using System.Net.Sockets;
using WaMigration.Containers;

namespace WaMigration.Engine.Tests.Containers;

public sealed class DockerNetHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_read_back_as_it_was_created()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 1, port);

        var found = await lab.Docker.InspectContainerAsync("old_waweb_1", Cancellation);

        Assert.NotNull(found);
        Assert.Equal("running", found.State);
        var definition = found.Definition;
        Assert.Equal("old_waweb_1", definition.Name);
        Assert.Equal("docker.whatsapp.biz/web:v2.53.1", definition.Image);
        Assert.StartsWith("sha256:", definition.ImageId, StringComparison.Ordinal);
        Assert.Equal(string.Empty, definition.Hostname);
        Assert.Equal(["/opt/whatsapp/bin/wait_on_postgres.sh", "/opt/whatsapp/bin/launch_within_docker.sh"], definition.Command);
        Assert.Contains("WA_DB_PASSWORD=" + DockerLab.Password, definition.Environment);
        Assert.Equal("old", definition.Labels["com.docker.compose.project"]);
        Assert.Equal([new PortPublication(443, "tcp", string.Empty, port)], definition.Ports);
        Assert.Contains(new ContainerMount("volume", "old_whatsappMedia", "/usr/local/wamedia", false), definition.Mounts);
        Assert.Equal("old_default", definition.NetworkMode);
        Assert.Equal("old_default", Assert.Single(definition.Networks).Name);
        Assert.Contains("waweb", definition.Networks[0].Aliases);
        Assert.Equal("unless-stopped", definition.RestartPolicy);
        Assert.Equal(["MKNOD"], definition.CapDrop);
    }

    [Fact]
    public async Task A_container_made_again_from_its_definition_is_the_same()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());
        var before = await lab.Docker.InspectContainerAsync("old_waweb_1", Cancellation);
        await lab.Docker.StopContainerAsync("old_waweb_1", TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.RemoveContainerAsync("old_waweb_1", Cancellation);

        await lab.Docker.CreateContainerAsync(before!.Definition, Cancellation);
        await lab.Docker.StartContainerAsync("old_waweb_1", Cancellation);

        var after = await lab.Docker.InspectContainerAsync("old_waweb_1", Cancellation);
        Assert.NotEqual(before.Id, after!.Id);
        Assert.Empty(DefinitionComparison.Differences(before.Definition, after.Definition));
        Assert.Empty(DefinitionComparison.Differences(after.Definition, before.Definition));
    }

    [Fact]
    public async Task Starting_a_running_stopping_a_stopped_and_removing_a_missing_container_are_no_errors()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());

        await lab.Docker.StartContainerAsync("old_wacore_1", Cancellation);
        await lab.Docker.StopContainerAsync("old_wacore_1", TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.StopContainerAsync("old_wacore_1", TimeSpan.FromSeconds(1), Cancellation);
        await lab.Docker.RemoveContainerAsync("old_wacore_1", Cancellation);
        await lab.Docker.RemoveContainerAsync("old_wacore_1", Cancellation);

        Assert.Null(await lab.Docker.InspectContainerAsync("old_wacore_1", Cancellation));
        Assert.Contains(lab.Host.Volumes.All, volume => volume.Name == "old_whatsappMedia");
    }

    [Fact]
    public async Task A_running_container_is_not_removed_by_force()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());

        var error = await Assert.ThrowsAsync<WaException>(() => lab.Docker.RemoveContainerAsync("old_wacore_1", Cancellation));

        Assert.Equal("DockerRefused", error.ErrorId);
        Assert.Equal("old_wacore_1", error.Target);
        Assert.Equal("running", (await lab.Docker.InspectContainerAsync("old_wacore_1", Cancellation))!.State);
    }

    [Fact]
    public async Task A_name_that_is_taken_an_image_that_is_missing_and_a_port_that_is_taken_have_errors_of_their_own()
    {
        await using var lab = await DockerLab.StartAsync();
        var port = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, port);
        var webapp = (await lab.Docker.InspectContainerAsync("old_waweb_1", Cancellation))!.Definition;

        var taken = await Assert.ThrowsAsync<WaException>(() => lab.Docker.CreateContainerAsync(webapp, Cancellation));
        Assert.Equal("ContainerNameTaken", taken.ErrorId);

        var missing = await Assert.ThrowsAsync<WaException>(() => lab.Docker.CreateContainerAsync(webapp with { Name = "other", Image = "docker.whatsapp.biz/web:v9.9.9" }, Cancellation));
        Assert.Equal("ImageMissing", missing.ErrorId);
        Assert.Equal("docker.whatsapp.biz/web:v9.9.9", missing.Target);

        await lab.Docker.CreateContainerAsync(webapp with { Name = "other" }, Cancellation);
        var busy = await Assert.ThrowsAsync<WaException>(() => lab.Docker.StartContainerAsync("other", Cancellation));
        Assert.Equal("PortTaken", busy.ErrorId);
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), busy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_named()
    {
        var docker = DockerHosts.Connect(new Uri("unix:///tmp/no-such-docker.sock"), null, TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<WaException>(() => docker.ListContainersAsync(Cancellation));

        Assert.Equal("DockerHostUnreachable", error.ErrorId);
        Assert.Equal(WaErrorCategory.ConnectionError, error.Kind.Category);
        Assert.Contains("unix:///tmp/no-such-docker.sock", error.Message, StringComparison.Ordinal);
        Assert.Equal("unix:///tmp/no-such-docker.sock", error.Target);
    }

    [Fact]
    public async Task A_host_that_answers_too_late_is_unreachable()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Rules.Delay("GET", "^/containers/json$", TimeSpan.FromMinutes(1));
        var docker = DockerHosts.Connect(lab.Host.Address, null, TimeSpan.FromMilliseconds(500));

        var error = await Assert.ThrowsAsync<WaException>(() => docker.ListContainersAsync(Cancellation));

        Assert.Equal("DockerHostUnreachable", error.ErrorId);
    }

    [Fact]
    public async Task Cancellation_ends_a_request_at_once()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Rules.Delay("GET", "^/containers/json$", TimeSpan.FromMinutes(1));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stopping.CancelAfter(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Docker.ListContainersAsync(stopping.Token));
    }

    [Theory]
    [InlineData("1.24", "1.12")]
    [InlineData("1.54", "1.44")]
    public async Task The_version_spoken_is_one_that_the_engine_knows(string newest, string oldest)
    {
        var socket = Path.Combine(Path.GetTempPath(), "wa" + Guid.NewGuid().ToString("N")[..8] + ".sock");
        await using var host = await WaSimulator.DockerApi.EmbeddedDockerHost.StartAsync(
            new WaSimulator.DockerApi.EmbeddedDockerHostOptions
            {
                UnixSocket = socket,
                ApiVersion = newest,
                MinApiVersion = oldest,
                NodeFactory = (spec, _, _, log, files) => new QuietNode(spec, log, files),
            },
            Cancellation);
        var docker = DockerHosts.Connect(host.Address, null, TimeSpan.FromSeconds(10));

        Assert.Empty(await docker.ListContainersAsync(Cancellation));
        Assert.NotEmpty(await docker.GetVersionAsync(Cancellation));
    }

    [Fact]
    public async Task The_log_comes_without_the_secrets_of_its_container()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());

        var log = await lab.Docker.ReadLogAsync("old_wacore_1", 20, Cancellation);

        var line = Assert.Single(log);
        Assert.Contains("WA_DB_PASSWORD=********", line, StringComparison.Ordinal);
        Assert.DoesNotContain(DockerLab.Password, line, StringComparison.Ordinal);
        Assert.DoesNotContain("the-jwt-key", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_read_out_of_a_container_and_a_missing_one_is_null()
    {
        await using var lab = await DockerLab.StartAsync();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, lab.Port());

        var pem = await lab.Docker.ReadFileAsync("old_waweb_1", WebappCertificate.Path, Cancellation);

        Assert.Contains("BEGIN CERTIFICATE", System.Text.Encoding.ASCII.GetString(pem!), StringComparison.Ordinal);
        Assert.Null(await lab.Docker.ReadFileAsync("old_waweb_1", "/no/such/file", Cancellation));
    }

    [Fact]
    public async Task An_image_is_pulled_with_progress_and_one_that_nobody_has_is_an_error()
    {
        await using var lab = await DockerLab.StartAsync();
        lab.Host.Images.AddToRegistry(new WaSimulator.DockerApi.DockerImage("docker.whatsapp.biz/web", "v2.55.1"));
        var told = new List<string>();

        await lab.Docker.PullImageAsync("docker.whatsapp.biz/web:v2.55.1", new PullProgress(told.Add), Cancellation);

        Assert.NotEmpty(told);
        Assert.True(await lab.Docker.HasImageAsync("docker.whatsapp.biz/web:v2.55.1", Cancellation));
        Assert.False(await lab.Docker.HasImageAsync("docker.whatsapp.biz/web:v2.57.1", Cancellation));
        var error = await Assert.ThrowsAsync<WaException>(() => lab.Docker.PullImageAsync("docker.whatsapp.biz/web:v2.57.1", new PullProgress(told.Add), Cancellation));
        Assert.Equal("ImageMissing", error.ErrorId);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("npipe://./docker_engine")]
    [InlineData("ssh://-oProxyCommand=evil")]
    [InlineData("ssh://user:word@host")]
    [InlineData("ssh://host/path")]
    public void An_address_that_cannot_be_used_is_refused(string address)
    {
        // Some of them are no addresses at all for .NET, which is as good.
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            Assert.Equal("DockerSchemeNotSupported", Assert.Throws<WaException>(() => DockerHosts.Connect(uri, null, TimeSpan.FromSeconds(1))).ErrorId);
        }
    }

    [Fact]
    public async Task A_server_that_is_no_Docker_engine_is_unreachable()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var accepting = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Cancellation);
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), Cancellation);
            },
            Cancellation);
        var docker = DockerHosts.Connect(new Uri($"tcp://{listener.LocalEndpoint}"), null, TimeSpan.FromSeconds(5));

        var error = await Assert.ThrowsAsync<WaException>(() => docker.ListContainersAsync(Cancellation));

        Assert.Equal("DockerHostUnreachable", error.ErrorId);
        await accepting;
    }
}
