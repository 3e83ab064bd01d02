using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using WaLab;
using WaLab.Proxies;

namespace WaMigration.Engine.Tests.Lab;

public sealed class LabTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_old_client_is_registered_connected_and_exchanges_messages()
    {
        var clock = Stopwatch.StartNew();
        await using var lab = await LabServers.StartLabAsync();
        TestContext.Current.SendDiagnosticMessage("lab started in {0} ms", clock.ElapsedMilliseconds);
        var number = await lab.Service.GetNumberAsync(lab.Number, Cancellation);
        Assert.True(number.Registered);
        Assert.Equal(lab.Options.Topology.Shards + 1, number.Connected.Count);
        Assert.Equal(lab.Options.Seed.Sent, number.MessagesSent);
        Assert.True(number.TwoStep);
        Assert.Equal(0, number.Kicks + number.KeyErrors + number.CounterErrors + number.DuplicateMessages);
        Assert.Equal(
            ["waold-master1-1", "waold-master2-1", "waold-wacore1-1", "waold-wacore2-1", "waold-wacore3-1", "waold-waweb-1"],
            lab.Old.ContainerNames);
        Assert.Empty(lab.New.ContainerNames);
        var id = await lab.Old.SendMessageAsync("hello", Cancellation);
        await lab.Webhook.WaitForStatusAsync(id, "read", TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(8, (await lab.ListDatabasesAsync(lab.Old, Cancellation)).Count);
    }

    [Fact]
    public async Task The_api_is_reached_through_the_proxy_under_the_webapps_own_certificate()
    {
        await using var lab = await LabServers.StartLabAsync(new LabOptions { OldInstalled = false });
        await lab.Old.InstallAsync(Cancellation);
        var pin = await lab.Old.GetCertificateThumbprintAsync(Cancellation);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == pin,
        };
        using var client = new HttpClient(handler);
        var answer = await EventuallyAsync(() => client.GetAsync(new Uri(lab.Old.ApiUri, "/v1/health"), Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(1, lab.ProxyOf(LabLink.OldApi).Count("GET", "^/v1/health$"));
        using var docker = new WaLab.RealDocker.DockerApiClient(lab.Old.DirectDockerHost.LocalPath);
        await docker.PostAsync("containers/waold-waweb-1/stop?t=30", null, Cancellation);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(lab.Old.ApiUri, "/v1/health"), Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
        await docker.PostAsync("containers/waold-waweb-1/start", null, Cancellation);
        Assert.Equal(pin, await lab.Old.GetCertificateThumbprintAsync(Cancellation));
        answer = await EventuallyAsync(() => client.GetAsync(new Uri(lab.Old.ApiUri, "/v1/health"), Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_new_client_runs_unregistered_beside_the_old_one_and_nothing_changes_by_itself()
    {
        await using var lab = await LabServers.StartLabAsync(new LabOptions { NewInstalled = true, Scale = 0.02 });
        Assert.Equal(6, lab.New.ContainerNames.Count);
        await EventuallyAsync(async () =>
        {
            var health = await lab.New.Api.GetHealthAsync(Cancellation);
            return health["health"]!.AsObject().All(node => node.Value?["gateway_status"]?.GetValue<string>() == "unregistered")
                ? true
                : throw new HttpRequestException(health.ToJsonString());
        });
        var before = await lab.SnapshotAsync(Cancellation);
        await Task.Delay(700, Cancellation);
        var after = await lab.SnapshotAsync(Cancellation);
        Assert.Empty(before.DifferencesTo(after));
        Assert.Contains(before.Items.Keys, name => name == "old/database/waweb.users");
        Assert.Contains(before.Items.Keys, name => name.StartsWith("new/container/wanew-waweb-1/State/Running", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lab_leaves_nothing_behind()
    {
        string folder;
        IReadOnlyList<string> databases;
        var server = await LabServers.SharedPostgresAsync();
        await using (var lab = await LabServers.StartLabAsync(new LabOptions { DatabaseServer = server }))
        {
            folder = lab.Folder;
            databases = await lab.ListDatabasesAsync(lab.Old, Cancellation);
            Assert.NotEmpty(databases);
        }

        Assert.False(Directory.Exists(folder));
        await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync(Cancellation);
        await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = any($1)", connection);
        command.Parameters.AddWithValue(databases.ToArray());
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_docker_request_can_be_held_on_its_link()
    {
        await using var lab = await LabServers.StartLabAsync(new LabOptions { OldInstalled = false, DockerTransport = DockerTransport.Tcp });
        using var hold = lab.HoldAt(LabLink.NewDocker, "GET", "^/version$", HoldPoint.BeforeRequest);
        using var client = new HttpClient { BaseAddress = new UriBuilder(lab.New.DockerHost) { Scheme = "http" }.Uri };
        var asking = client.GetStringAsync("/v1.41/version", Cancellation);
        await hold.Arrived.WaitAsync(Cancellation);
        Assert.False(asking.IsCompleted);
        hold.Release();
        Assert.Contains("ApiVersion", await asking, StringComparison.Ordinal);
    }

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (HttpRequestException) when (number < 200)
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }
}
