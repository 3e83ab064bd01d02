using Npgsql;
using WaLab.Servers;
using WaMigration.Containers;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Containers;

public sealed class ClientInstallerTests
{
    private static readonly InstallOptions TwoMasters = new()
    {
        Masters = 2,
        Coreapps = 3,
        Shards = 2,
        ClientVersion = DockerLab.Version,
        Timeout = TimeSpan.FromSeconds(20),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_made_as_the_vendors_compose_files_make_it()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("New Side", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        var nodes = await ClientInstaller.RunAsync(setup, TwoMasters with { ApiKey = Secret.Conceal("an-api-key-for-tests"), DatabaseHost = "db.inside", DatabasePort = 3306 }, lab.Operation);

        Assert.Equal(
            ["new-side-master-1", "new-side-master-2", "new-side-wacore-1", "new-side-wacore-2", "new-side-wacore-3", "new-side-waweb-1"],
            nodes.Select(node => node.Name));
        Assert.All(nodes, node => Assert.True(node.IsRunning));
        var master = (await lab.Docker.InspectContainerAsync("new-side-master-2", Cancellation))!.Definition;
        Assert.Equal("docker.whatsapp.biz/coreapp:v2.53.1", master.Image);
        Assert.Equal(["/opt/whatsapp/bin/wait_on_postgres.sh", "/opt/whatsapp/bin/launch_within_docker.sh"], master.Command);
        Assert.Equal("1", master.Variable("WA_MASTER_NODE"));
        Assert.Equal("1", master.Variable("WA_APP_MULTICONNECT"));
        Assert.Equal("master2", master.Variable("COREAPP_HOSTNAME"));
        Assert.Contains("master2", master.Networks[0].Aliases);
        Assert.Equal("PGSQL", master.Variable("WA_DB_ENGINE"));
        Assert.Equal("db.inside", master.Variable("WA_DB_HOSTNAME"));
        Assert.Equal("3306", master.Variable("WA_DB_PORT"));
        Assert.Equal(setup.Database!.NamePrefix, master.Variable("WA_DB_NAME_PREFIX"));
        Assert.Null(master.Variable("WA_API_KEY"));
        Assert.Equal("unless-stopped", master.RestartPolicy);
        Assert.Equal(["MKNOD"], master.CapDrop);
        Assert.Contains(new ContainerMount("volume", "new-side_whatsappMedia", "/usr/local/wamedia", false), master.Mounts);
        Assert.Equal("new-side", master.Label("com.docker.compose.project"));
        Assert.Equal("master", master.Label("com.docker.compose.service"));
        Assert.Equal("2", master.Label("com.docker.compose.container-number"));
        var webapp = (await lab.Docker.InspectContainerAsync("new-side-waweb-1", Cancellation))!.Definition;
        Assert.Equal("an-api-key-for-tests", webapp.Variable("WA_API_KEY"));
        Assert.Null(webapp.Variable("WA_WEB_JWT_CRYPTO_KEY"));
        Assert.Null(webapp.Variable("WA_SECRET"));
        Assert.Equal(setup.ApiUri.Port, Assert.Single(webapp.Ports).HostPort);
        Assert.Contains(lab.Host.Volumes.All, volume => volume.Name == "new-side_whatsappMedia");
        Assert.Equal(WaSetupState.Running, setup.State);
        Assert.Equal(DockerLab.Version, setup.ClientVersion);
        Assert.Equal([JournalKinds.DatabaseFresh, JournalKinds.Installing, JournalKinds.ClientStarting, JournalKinds.Installed], DockerLab.Journal(setup).Kinds);
    }

    [Fact]
    public async Task The_certificate_is_read_over_the_Docker_connection_and_pinned()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        await ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation);

        var pem = System.Text.Encoding.ASCII.GetString((await lab.Docker.ReadFileAsync("new-waweb-1", WebappCertificate.Path, Cancellation))!);
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
        Assert.Equal([certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256)], setup.Connections.PinnedThumbprints);
        Assert.Equal(setup.Connections.PinnedThumbprints[0], setup.Journal.Last(JournalKinds.Installed, "new")!.Values["thumbprints"]);
    }

    [Fact]
    public async Task Topology_version_and_registry_are_taken_from_another_setup()
    {
        await using var lab = await DockerLab.StartAsync("mirror.example/wa");
        var oldPort = lab.Port();
        await lab.ComposeAsync("old", masters: 1, coreapps: 2, oldPort, prefix: "old_", registry: "mirror.example/wa");
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        var nodes = await ClientInstaller.RunAsync(setup, new InstallOptions { Like = lab.Setup("old", oldPort) }, lab.Operation);

        Assert.Equal(["new-master-1", "new-wacore-1", "new-wacore-2", "new-waweb-1"], nodes.Select(node => node.Name));
        Assert.All(nodes, node => Assert.StartsWith("mirror.example/wa/", node.Image, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_topology_that_cannot_be_read_is_refused_and_nothing_is_made()
    {
        await using var lab = await DockerLab.StartAsync();
        var like = lab.Setup("old");
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, new InstallOptions { Like = like }, lab.Operation));

        Assert.Equal("TopologyUnreadable", error.ErrorId);
        Assert.Contains("Masters", error.Message, StringComparison.Ordinal);
        Assert.Empty(await lab.SnapshotAsync());
    }

    [Theory]
    [InlineData(0, 2, 1)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 3, 3)]
    [InlineData(2, 0, 1)]
    public async Task A_topology_that_cannot_be_is_refused(int masters, int coreapps, int shards)
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: DockerLab.Database(), state: WaSetupState.Unknown);

        var error = await Assert.ThrowsAsync<WaException>(() =>
            ClientInstaller.RunAsync(setup, TwoMasters with { Masters = masters, Coreapps = coreapps, Shards = shards }, lab.Operation));

        Assert.Equal("TopologyImpossible", error.ErrorId);
        Assert.Empty(await lab.SnapshotAsync());
    }

    [Fact]
    public async Task A_single_instance_has_one_Coreapp_and_no_Master()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        await ClientInstaller.RunAsync(setup, TwoMasters with { Masters = 0, Coreapps = 1, Shards = 1 }, lab.Operation);

        var webapp = (await lab.Docker.InspectContainerAsync("new-waweb-1", Cancellation))!.Definition;
        Assert.Equal("wacore1", webapp.Variable("WACORE_HOSTNAME"));
        Assert.Null(webapp.Variable("WA_APP_MULTICONNECT"));
        Assert.Contains("wacore1", (await lab.Docker.InspectContainerAsync("new-wacore-1", Cancellation))!.Definition.Networks[0].Aliases);
    }

    [Fact]
    public async Task Without_a_database_server_or_a_Docker_host_nothing_is_made()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", state: WaSetupState.Unknown);
        Assert.Equal("DatabaseServerUnknown", (await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation))).ErrorId);

        ((ScriptedSetup)setup.Connections).Hosts.Clear();
        Assert.Equal("NoDockerHost", (await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation))).ErrorId);
    }

    [Fact]
    public async Task An_image_that_is_missing_is_pulled_and_one_that_nobody_has_is_an_error()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);
        var options = TwoMasters with { ClientVersion = "2.55.1" };

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, options, lab.Operation));
        Assert.Equal("ImageMissing", error.ErrorId);
        Assert.Equal("docker.whatsapp.biz/coreapp:v2.55.1", error.Target);
        Assert.Empty(await lab.SnapshotAsync());

        lab.Host.Images.AddToRegistry(new WaSimulator.DockerApi.DockerImage("docker.whatsapp.biz/coreapp", "v2.55.1") { Command = ["run"] });
        lab.Host.Images.AddToRegistry(new WaSimulator.DockerApi.DockerImage("docker.whatsapp.biz/web", "v2.55.1") { Command = ["run"] });
        Assert.Equal(6, (await ClientInstaller.RunAsync(setup, options, lab.Operation)).Count);
    }

    [Fact]
    public async Task A_container_that_will_not_start_is_named_with_its_exit_code_and_last_lines_without_secrets()
    {
        await using var lab = await DockerLab.StartAsync();
        var database = await FreshDatabaseAsync();
        var password = database.Password.Reveal();
        lab.Host.Rules.WillNotStart("wacore-2", 78, "connecting", "login failed for wa with " + password);
        var setup = lab.Setup("new", database: database, state: WaSetupState.Unknown);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation));

        Assert.Equal("ContainerWouldNotStart", error.ErrorId);
        Assert.Equal("new-wacore-2", error.Target);
        Assert.Contains("78", error.Message, StringComparison.Ordinal);
        Assert.Contains("connecting", error.Evidence);
        Assert.DoesNotContain(error.Evidence, line => line.Contains(password, StringComparison.Ordinal));

        // Once the cause is mended, the same call goes on; the container waits for its next start by then.
        lab.Host.Rules.Clear();
        var nodes = await ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation);
        Assert.All(nodes, node => Assert.Equal("running", node.State));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_of_its_own()
    {
        await using var lab = await DockerLab.StartAsync();
        var oldPort = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, oldPort);
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters with { PublishPort = oldPort }, lab.Operation));

        Assert.Equal("PortTaken", error.ErrorId);
        Assert.Equal("new-waweb-1", error.Target);
    }

    [Fact]
    public async Task Another_container_of_the_same_name_is_not_touched()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);
        await ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation);
        var before = await lab.SnapshotAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters with { DatabaseHost = "elsewhere" }, lab.Operation));

        Assert.Equal("ContainerNameTaken", error.ErrorId);
        Assert.Contains("WA_DB_HOSTNAME", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await lab.SnapshotAsync());
    }

    [Fact]
    public async Task A_second_client_under_other_names_is_refused()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);
        await ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation);

        var error = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters with { Project = "again" }, lab.Operation));

        Assert.Equal("ClientInstalledAlready", error.ErrorId);
    }

    [Fact]
    public async Task NoStart_prepares_everything_and_starts_nothing()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        var nodes = await ClientInstaller.RunAsync(setup, TwoMasters with { NoStart = true }, lab.Operation);

        Assert.All(nodes, node => Assert.Equal("created", node.State));
        Assert.Equal(WaSetupState.Stopped, setup.State);

        var started = await ClientLifecycle.StartAsync(setup, NodeSelection.All, null, false, TimeSpan.FromSeconds(20), lab.Operation);
        Assert.Equal(6, started.Count(node => node.IsRunning));
    }

    [Fact]
    public async Task A_plan_names_everything_and_makes_nothing()
    {
        await using var lab = await DockerLab.StartAsync();
        var setup = lab.Setup("new", database: await FreshDatabaseAsync(), state: WaSetupState.Unknown);

        await ClientInstaller.RunAsync(setup, TwoMasters, lab.Console.Operation(planOnly: true));

        Assert.Empty(await lab.SnapshotAsync());
        Assert.Empty(DockerLab.Journal(setup).Kinds);
        var plan = lab.Console.Lines.Where(line => line.StartsWith("what if: ", StringComparison.Ordinal)).ToList();
        foreach (var name in new[] { "new-master-1", "new-master-2", "new-wacore-1", "new-wacore-2", "new-wacore-3", "new-waweb-1" })
        {
            Assert.Equal(2, plan.Count(line => line.Contains($"{name} on {lab.Host.Address}", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Databases_with_tables_want_the_other_client_stopped()
    {
        await using var lab = await DockerLab.StartAsync();
        var oldPort = lab.Port();
        await lab.ComposeAsync("old", masters: 0, coreapps: 1, oldPort, prefix: "old_");
        var database = await FreshDatabaseAsync();
        await CreateStoreAsync(database, "configStore");
        var setup = lab.Setup("new", database: database, state: WaSetupState.Unknown);
        var before = await lab.SnapshotAsync();

        Assert.Equal("SourceNotProvedStopped", (await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters, lab.Operation))).ErrorId);
        var source = lab.Setup("old", oldPort);
        var running = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters with { Source = source }, lab.Operation));
        Assert.Equal("SourceStillRunning", running.ErrorId);
        running = await Assert.ThrowsAsync<WaException>(() => ClientInstaller.RunAsync(setup, TwoMasters with { Source = source, SourceStopped = true }, lab.Operation));
        Assert.Equal("SourceStillRunning", running.ErrorId);
        Assert.Equal(before, await lab.SnapshotAsync());

        Assert.Equal(6, (await ClientInstaller.RunAsync(setup, TwoMasters with { SourceStopped = true }, lab.Operation)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_off_at_any_change_the_same_command_goes_on_to_the_same_end(bool isJournalled)
    {
        await using var lab = await DockerLab.StartAsync();
        var options = TwoMasters with { Masters = 1, Coreapps = 1, Shards = 1 };
        var changes = int.MaxValue;
        for (var at = 1; at <= changes; at++)
        {
            foreach (var after in new[] { false, true })
            {
                var database = await FreshDatabaseAsync();
                var setup = lab.Setup("new", database: database, state: WaSetupState.Unknown);
                setup.Journal = isJournalled ? setup.Journal : new NoJournal();
                var hosts = ((ScriptedSetup)setup.Connections).Hosts;
                var cutting = new CuttingDockerHost(lab.Docker, at, after);
                hosts[0] = cutting;
                await RunUntilCutAsync(() => ClientInstaller.RunAsync(setup, options, lab.Operation));
                changes = Math.Min(changes, cutting.Changes < at ? at - 1 : int.MaxValue);

                if (lab.Host.Containers.All.Any(container => container.IsRunning))
                {
                    // What a started node does first.
                    await CreateStoreAsync(database, "configStore");
                }

                hosts[0] = lab.Docker;
                var nodes = await ClientInstaller.RunAsync(setup, options, lab.Operation);

                Assert.Equal(["new-master-1", "new-wacore-1", "new-waweb-1"], nodes.Select(node => node.Name));
                Assert.All(nodes, node => Assert.True(node.IsRunning));
                await RemoveAllAsync(lab);
            }
        }

        Assert.InRange(changes, 8, 9);
    }

    private static async Task RunUntilCutAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (CutException)
        {
            // The process is dead; the next run begins with what it left.
        }
    }

    private static async Task RemoveAllAsync(DockerLab lab)
    {
        foreach (var container in await lab.Docker.ListContainersAsync(Cancellation))
        {
            await lab.Docker.StopContainerAsync(container.Id, TimeSpan.FromSeconds(1), Cancellation);
            await lab.Docker.RemoveContainerAsync(container.Id, Cancellation);
        }
    }

    /// <summary>A prefix that nobody used on the shared server.</summary>
    private static async Task<WaDatabaseServer> FreshDatabaseAsync()
    {
        var server = await LabServers.SharedPostgresAsync();
        return new WaDatabaseServer(
            WaDatabaseEngine.PostgreSql, LabPostgres.Host, server.Port, LabPostgres.User, Secret.Conceal(server.Password), "i" + Guid.NewGuid().ToString("N")[..10] + "_", WaSslMode.Disable);
    }

    private static async Task CreateStoreAsync(WaDatabaseServer database, string store)
    {
        var server = await LabServers.SharedPostgresAsync();
        await using (var connection = new NpgsqlConnection(server.ConnectionString()))
        {
            await connection.OpenAsync(Cancellation);
            await using var create = new NpgsqlCommand($"create database \"{database.NamePrefix}{store}\"", connection);
            await create.ExecuteNonQueryAsync(Cancellation);
        }

        await using var inside = new NpgsqlConnection(server.ConnectionString(database.NamePrefix + store));
        await inside.OpenAsync(Cancellation);
        await using var table = new NpgsqlCommand("create table settings (id int)", inside);
        await table.ExecuteNonQueryAsync(Cancellation);
    }
}
