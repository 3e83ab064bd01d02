using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet;
using Docker.DotNet.Models;
using WaSimulator.DockerApi;
using Xunit;

namespace WaMigration.Engine.Tests.Lab.Docker;

public sealed class DockerMisbehaviourTests
{
    private static CancellationToken Cancellation => DockerProbe.Cancellation;

    [Fact]
    public async Task The_next_calls_fail_as_told_and_have_no_effect()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.CreateAsync("wa");
        using var rule = docker.Host.Rules.FailNext("POST", "^/containers/.+/start$", 500, "disk on fire", times: 2);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var failed = await Assert.ThrowsAsync<DockerApiException>(() => docker.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), Cancellation));
            Assert.Contains("disk on fire", failed.ResponseBody, StringComparison.Ordinal);
            Assert.False((await docker.InspectAsync(id)).State.Running);
        }

        Assert.Equal(2, rule.Applied);
        Assert.True(await docker.Client.Containers.StartContainerAsync(id, new ContainerStartParameters(), Cancellation));
    }

    [Fact]
    public async Task Calls_wait_as_told()
    {
        await using var docker = await DockerProbe.StartAsync();
        docker.Host.Rules.Delay("GET", "^/info$", TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        await docker.Client.System.GetSystemInfoAsync(Cancellation);
        Assert.True(clock.ElapsedMilliseconds >= 290);
    }

    [Fact]
    public async Task A_host_whose_api_is_gone_keeps_its_containers()
    {
        await using var docker = await DockerProbe.StartAsync(tcp: true);
        var id = await docker.RunAsync("wa");
        await docker.Host.UnlistenAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => docker.InspectAsync(id));
        await docker.Host.ListenAsync(Cancellation);
        Assert.True((await docker.InspectAsync(id)).State.Running);
    }

    [Fact]
    public async Task Everything_that_happened_can_be_read_back()
    {
        await using var docker = await DockerProbe.StartAsync();
        var id = await docker.RunAsync("wa");
        await docker.Client.Containers.StopContainerAsync(id, new ContainerStopParameters(), Cancellation);
        await docker.Client.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters(), Cancellation);
        Assert.Equal(
            ["create", "start", "kill", "die", "stop", "destroy"],
            docker.Host.Events.All.Where(e => e.Type == "container" && e.Id == id).Select(e => e.Action));
    }

    [Fact]
    public async Task Tls_wants_a_client_certificate_of_the_right_authority()
    {
        using var authority = Certificate("CN=lab authority", null);
        using var server = Certificate("CN=localhost", authority);
        using var stranger = Certificate("CN=stranger", null);
        await using var host = await EmbeddedDockerHost.StartAsync(
            new EmbeddedDockerHostOptions
            {
                Tcp = new IPEndPoint(IPAddress.Loopback, 0),
                ServerCertificate = server,
                ClientCa = authority,
                NodeFactory = (_, _, _, _, _) => throw new InvalidOperationException("No container is started here."),
            },
            Cancellation);
        using var known = Certificate("CN=admin", authority);
        Assert.Equal(HttpStatusCode.OK, await PingAsync(host, known));
        await Assert.ThrowsAsync<HttpRequestException>(() => PingAsync(host, stranger));
        await Assert.ThrowsAsync<HttpRequestException>(() => PingAsync(host, null));
    }

    private static async Task<HttpStatusCode> PingAsync(EmbeddedDockerHost host, X509Certificate2? certificate)
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=localhost",
        };
        if (certificate is not null)
        {
            handler.ClientCertificates.Add(certificate);
        }

        using var client = new HttpClient(handler);
        var answer = await client.GetAsync(new UriBuilder(host.TcpAddress!) { Scheme = "https", Path = "/_ping" }.Uri, Cancellation);
        return answer.StatusCode;
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        var from = DateTimeOffset.UtcNow.AddMinutes(-5);
        using var certificate = issuer is null
            ? request.CreateSelfSigned(from, from.AddDays(1))
            : request.Create(issuer, from, from.AddHours(12), Guid.NewGuid().ToByteArray()).CopyWithPrivateKey(key);

        // A key from memory alone is not taken by every TLS layer.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
