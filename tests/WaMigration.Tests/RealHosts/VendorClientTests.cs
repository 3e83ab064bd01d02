using System.Management.Automation;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using WaLab.RealDocker;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.RealHosts;

/// <summary>The client cmdlets on a client that a person started with docker-compose and the vendor's own files.</summary>
[Collection(RealHostsGroup.Name)]
public sealed class VendorClientTests(RealGroundFixture ground)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_two_hosts_one_of_which_fails_it_is_shown_judged_and_removed()
    {
        var real = await ground.GroundAsync();
        var database = VendorDatabase.Of(await real.PostgresAsync());
        await using var client = await StartAsync(real, 2, VendorCompose.Multiconnect, database);
        await client.WaitAsync(health => health.Count(node => Status(node.Value) == "connected") == 1, Stop);
        using var shell = Connect(client, real, database);

        var nodes = shell.Run("Get-WaClient $client").MustSucceed().Output;
        var roles = nodes.Select(node => ScriptResult.Value(node, "Role")!.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal("Coreapp Coreapp Master Master Webapp Webapp", string.Join(' ', roles));
        Assert.Equal(2, nodes.Select(node => ScriptResult.Value(node, "DockerHost")).Distinct().Count());
        var topology = shell.Run("Get-WaTopology $client").Single();
        Assert.Equal("2 2 2 1", Shape(topology, "Masters", "Coreapps", "Webapps", "Shards"));
        Assert.True((bool)shell.Run("Test-WaHealth $client -Wait -Quiet").Single().BaseObject);

        // The second host is off: the client goes on on the first one, and nothing may be removed that cannot be seen whole.
        var off = client.Engines[1];
        await off.Machine.PowerOffAsync();
        var inventory = Assert.Single(shell.Run("Get-WaClient $client").Errors);
        Assert.Equal("DockerHostUnreachable,WaMigration.Commands.GetWaClientCommand", inventory.FullyQualifiedErrorId);
        Assert.Equal(off.UnixAddress.ToString(), inventory.TargetObject);
        Assert.All(
            nodes.Where(node => ScriptResult.Value(node, "DockerHost")!.ToString() == off.UnixAddress.ToString()),
            node => Assert.Contains((string)ScriptResult.Value(node, "Name")!, inventory.ErrorDetails.Message, StringComparison.Ordinal));
        Assert.Equal(["DockerHostUnreachable"], shell.Run("Remove-WaClient $client -KeepDatabase -AllowUndelivered -Confirm:$false").ErrorIds);
        Assert.Equal(3, (await client.Engines[0].Api.ContainersAsync(Stop)).Count(container => container.State == "running"));
        Assert.True((bool)shell.Run("Test-WaHealth $client -Wait -Quiet").Single().BaseObject);

        await off.StartAsync(Stop);
        await RemovedAsync(client, real, database, shell);
    }

    [Fact]
    public async Task A_single_instance_is_shown_judged_and_removed()
    {
        var real = await ground.GroundAsync();
        var database = VendorDatabase.Of(await real.PostgresAsync());
        await using var client = await StartAsync(real, 1, VendorCompose.SingleInstance, database);
        await client.WaitAsync(health => (string?)health["gateway_status"] == "connected", Stop);
        using var shell = Connect(client, real, database);

        Assert.Equal("Coreapp Webapp", shell.Run("(Get-WaClient $client).Role -join ' '").Single().ToString());
        var topology = shell.Run("Get-WaTopology $client").Single();
        Assert.Equal("0 1 1", Shape(topology, "Masters", "Coreapps", "Webapps"));
        Assert.Equal(VendorClient.Version, ScriptResult.Value(topology, "ClientVersion"));
        var health = shell.Run("Test-WaHealth $client").Single();
        Assert.Equal("Healthy", ScriptResult.Value(health, "Status")!.ToString());

        await RemovedAsync(client, real, database, shell);
    }

    [Fact]
    public async Task Images_come_from_a_file_with_progress_and_nothing_starts_before_it_is_told()
    {
        const string Version = "2.55.3";
        var real = await ground.GroundAsync();
        var engine = real.Hosts.Engines[2];
        await RealGround.ClearAsync(engine, Stop);
        var folder = Directory.CreateTempSubdirectory("wa-images-");
        try
        {
            var postgres = await real.PostgresAsync();
            var file = Path.Combine(folder.FullName, "images.tar");
            var images = await SimulatorImages.CreateAsync(
                WaSimulator.DockerApi.DockerImage.Vendor(Version, new DateOnly(2030, 1, 1), new Dictionary<string, string>()), null, Stop);
            await images.SaveAsync(file, Stop);
            var other = Path.Combine(folder.FullName, "other.tar");
            await File.WriteAllTextAsync(other, "no images", Stop);
            using var shell = new PowerShellSession();
            shell.Set("ProgressPreference", ActionPreference.Continue);
            shell.Set("new", shell.Run(
                """
                param($api, $docker, $server, $port, $database)
                Connect-WaSetup -NotInstalled -Name fromfile -ApiUri $api -DockerHost $docker -DatabaseEngine PostgreSql -DatabaseServer $server -DatabasePort $port -DatabaseCredential $database -NamePrefix fromfile_
                """,
                ("api", new Uri($"https://{engine.Address}:9090")),
                ("docker", engine.UnixAddress),
                ("server", real.Hosts.Network.Gateway.ToString()),
                ("port", postgres.Port),
                ("database", Credential(WaLab.Servers.LabPostgres.User, postgres.Password))).Single());
            const string Install = "param($file) Install-WaClient $new -Masters 1 -Coreapps 2 -ClientVersion 2.55.3 -NoStart -ImagePath $file -Confirm:$false";

            Assert.Equal(["ImageFileUnusable"], shell.Run(Install, ("file", Path.Combine(folder.FullName, "absent.tar"))).ErrorIds);
            Assert.Equal(["ImageFileUnusable"], shell.Run(Install, ("file", other)).ErrorIds);
            var pulled = Assert.Single(shell.Run("Install-WaClient $new -Masters 1 -Coreapps 2 -ClientVersion 2.55.3 -NoStart -Confirm:$false").Errors);
            Assert.Equal("ImageMissing,WaMigration.Commands.InstallWaClientCommand", pulled.FullyQualifiedErrorId);
            Assert.Contains("-ImagePath", pulled.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
            Assert.Empty(await engine.Api.ContainersAsync(Stop));

            var installed = shell.Run(Install, ("file", file)).MustSucceed();
            Assert.Equal(4, installed.Output.Count);
            Assert.All(installed.Output, node => Assert.Equal("created", ScriptResult.Value(node, "State")));
            Assert.Contains(installed.Progress, record => record.StatusDescription.Contains(file, StringComparison.Ordinal));
            Assert.All(await engine.Api.ContainersAsync(Stop), container => Assert.Equal("created", container.State));

            // Once more, without the file: the images are there, and so are the containers.
            Assert.Equal(4, shell.Run("Install-WaClient $new -Masters 1 -Coreapps 2 -ClientVersion 2.55.3 -NoStart -Confirm:$false").MustSucceed().Output.Count);
        }
        finally
        {
            await RealGround.ClearAsync(engine, Stop);
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Everything but the containers is afterwards as it was.</summary>
    private static async Task RemovedAsync(VendorClient client, RealGround real, VendorDatabase database, PowerShellSession shell)
    {
        var volumes = await VolumesAsync(client);
        Assert.NotEmpty(volumes);

        shell.Run("Remove-WaClient $client -KeepDatabase -AllowUndelivered -Confirm:$false").MustSucceed();

        foreach (var engine in client.Engines)
        {
            Assert.Empty(await engine.Api.ContainersAsync(Stop));
        }

        Assert.Equal(volumes, await VolumesAsync(client));
        Assert.Empty(shell.Run("Get-WaClient $client").MustSucceed().Output);
        await using var connection = new NpgsqlConnection((await real.PostgresAsync()).ConnectionString(database.NamePrefix + "axolotlStore"));
        await connection.OpenAsync(Stop);
        await using var keys = new NpgsqlCommand("select count(*) from local_identity", connection);
        Assert.True((long)(await keys.ExecuteScalarAsync(Stop))! > 0, "The keys are gone.");
    }

    private static string Shape(PSObject topology, params string[] properties) =>
        string.Join(' ', properties.Select(name => ScriptResult.Value(topology, name)));

    private static async Task<List<string>> VolumesAsync(VendorClient client)
    {
        var names = new List<string>();
        foreach (var engine in client.Engines)
        {
            var volumes = (await engine.Api.GetAsync("volumes", Stop))["Volumes"]?.AsArray() ?? [];
            names.AddRange(volumes.Select(volume => $"{engine.Name} {volume!["Name"]} {volume["CreatedAt"]}"));
        }

        return names;
    }

    private static async Task<VendorClient> StartAsync(RealGround real, int count, string file, VendorDatabase database)
    {
        var client = await VendorClient.StartAsync(
            real.Hosts, count, file, database, line => TestContext.Current.SendDiagnosticMessage(line), Stop);
        try
        {
            await client.LoginAsync(Stop);
            await client.RegisterAsync(Stop);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>The client calls its database server by a name that this machine does not know: it is told how to reach it.</summary>
    private static PowerShellSession Connect(VendorClient client, RealGround real, VendorDatabase database)
    {
        var shell = new PowerShellSession();
        shell.Set("client", shell.Run(
            """
            param($api, $docker, $pin, $credential, $server, $port, $database)
            Connect-WaSetup -Name vendor -ApiUri $api -DockerHost $docker -CertificateThumbprint $pin -Credential $credential -DatabaseServer $server -DatabasePort $port -DatabaseCredential $database
            """,
            ("api", client.ApiUri),
            ("docker", client.Engines.Select(engine => engine.UnixAddress).ToArray()),
            ("pin", client.Thumbprint),
            ("credential", Credential("admin", client.Password)),
            ("server", real.Hosts.Network.Gateway.ToString()),
            ("port", database.Port),
            ("database", Credential(database.User, database.Password))).Single());
        return shell;
    }

    private static PSCredential Credential(string name, string password) => new(name, new NetworkCredential(string.Empty, password).SecurePassword);

    private static string? Status(JsonNode? node) => (string?)(node as JsonObject)?["gateway_status"];
}
