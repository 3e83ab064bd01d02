using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using WaLab.Net;
using WaLab.Proxies;
using WaLab.Webhooks;

namespace WaMigration.Engine.Tests.Lab.Proxies;

public sealed class HttpProxyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_and_answers_pass_unchanged_and_are_listed()
    {
        await using var server = await UpstreamStub.StartAsync();
        await using var proxy = await StartAsync(server.Port);
        using var client = Client(proxy);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.41/containers/x/stop?t=30") { Content = new StringContent("hello") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("stub", answer.Headers.GetValues("X-Upstream").Single());
        Assert.Equal("POST /v1.41/containers/x/stop?t=30 hello Bearer secret", await answer.Content.ReadAsStringAsync(Cancellation));
        var seen = Assert.Single(proxy.Requests);
        Assert.Equal(("POST", "/containers/x/stop?t=30", 201, true), (seen.Method, seen.Path, seen.Status, seen.WasForwarded));
        Assert.DoesNotContain("secret", seen.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, proxy.Count("POST", "/stop$"));
    }

    [Fact]
    public async Task A_request_held_before_goes_on_when_released()
    {
        await using var server = await UpstreamStub.StartAsync();
        await using var proxy = await StartAsync(server.Port);
        using var client = Client(proxy);
        using var hold = proxy.Hold(HoldPoint.BeforeRequest, "POST", "^/v1/settings/restore$", occurrence: 2);
        await client.PostAsync("/v1/settings/restore", null, Cancellation);
        var second = client.PostAsync("/v1/settings/restore", null, Cancellation);
        Assert.Equal(2, (await hold.Arrived.WaitAsync(Cancellation)).Number);
        await Task.Delay(100, Cancellation);
        Assert.Equal(1, server.Reached);
        hold.Release();
        Assert.Equal(HttpStatusCode.Created, (await second).StatusCode);
        Assert.Equal(2, server.Reached);
    }

    [Fact]
    public async Task A_request_held_before_never_arrives_once_its_client_has_gone()
    {
        await using var server = await UpstreamStub.StartAsync();
        await using var proxy = await StartAsync(server.Port);
        for (var round = 0; round < 20; round++)
        {
            using var hold = proxy.Hold(HoldPoint.BeforeRequest, null, "^/restore$");
            var socket = await SendRawAsync(proxy, "POST /restore HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
            await hold.Arrived.WaitAsync(Cancellation);
            socket.Dispose();
            hold.Release();
            await hold.ClientGone.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        }

        Assert.Equal(0, server.Reached);
        Assert.All(proxy.Requests, r => Assert.False(r.WasForwarded));
    }

    [Fact]
    public async Task A_request_held_after_has_had_its_effect_and_no_answer()
    {
        await using var server = await UpstreamStub.StartAsync();
        await using var proxy = await StartAsync(server.Port);
        using var hold = proxy.Hold(HoldPoint.AfterEffect, "POST", "^/restore$");
        using var socket = await SendRawAsync(proxy, "POST /restore HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
        Assert.Equal(201, (await hold.Arrived.WaitAsync(Cancellation)).Status);
        Assert.Equal(1, server.Reached);
        Assert.Equal(0, socket.Available);
        hold.Drop();
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            if (await socket.ReceiveAsync(new byte[100], Cancellation) == 0)
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }
        });
    }

    [Fact]
    public async Task Faults_come_instead_of_the_server_or_of_its_answer()
    {
        await using var server = await UpstreamStub.StartAsync();
        await using var proxy = await StartAsync(server.Port);
        using var client = Client(proxy);
        proxy.Answer(HoldPoint.BeforeRequest, "GET", "^/v1/health$", 502, "<html><h1>502 Bad Gateway</h1></html>", "text/html");
        using var before = await client.GetAsync("/v1/health", Cancellation);
        Assert.Equal((HttpStatusCode.BadGateway, "text/html"), (before.StatusCode, before.Content.Headers.ContentType?.MediaType));
        Assert.Equal(0, server.Reached);
        proxy.Answer(HoldPoint.AfterEffect, "GET", "^/v1/health$", 504, "{}");
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await client.GetAsync("/v1/health", Cancellation)).StatusCode);
        Assert.Equal(1, server.Reached);
        proxy.Cut(HoldPoint.BeforeRequest, "GET", "^/v1/health$");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/v1/health", Cancellation));
        Assert.Equal(HttpStatusCode.Created, (await client.GetAsync("/v1/health", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_server_that_refuses_makes_the_proxy_refuse()
    {
        using var ports = new LabPorts();
        var port = ports.Reserve();
        await using var proxy = await StartAsync(port);
        using var client = Client(proxy);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Cancellation));
        Assert.Empty(proxy.Requests);
        await using var server = await UpstreamStub.StartAsync(port);
        Assert.Equal(HttpStatusCode.Created, (await client.GetAsync("/", Cancellation)).StatusCode);
        await proxy.SetDownAsync(true);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
        await proxy.SetDownAsync(false);
        Assert.Equal(HttpStatusCode.Created, (await client.GetAsync("/", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_proxy_that_follows_its_server_refuses_until_it_comes_and_shows_its_certificate()
    {
        using var authority = new LabCertificates();
        using var certificate = authority.IssueServer();
        using var ports = new LabPorts();
        var (front, back) = (ports.Reserve(), ports.Reserve());
        await using var proxy = await HttpProxy.StartAsync(
            new HttpProxyOptions
            {
                Listen = new LabAddress(front),
                Upstream = new LabAddress(back),
                Certificate = _ => Task.FromResult(certificate),
                FollowsServer = true,
            },
            Cancellation);
        X509Certificate2? shown = null;
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, server, _, _) =>
            {
                shown = server is null ? null : new X509Certificate2(server);
                return true;
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{front}") };
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
        await using (await UpstreamStub.StartAsync(back, certificate))
        {
            await proxy.ServerCameAsync();
            Assert.Equal(HttpStatusCode.Created, (await client.GetAsync("/", Cancellation)).StatusCode);
            Assert.Equal(certificate.Thumbprint, shown?.Thumbprint);
            await proxy.ServerWentAsync();
        }

        refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
    }

    [Fact]
    public async Task A_webhook_receiver_keeps_what_it_takes()
    {
        await using var receiver = await WebhookReceiver.StartAsync(cancellationToken: Cancellation);
        using var trusted = X509Certificate2.CreateFromPem(receiver.CaPem);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { trusted },
        };
        using var client = new HttpClient(handler);
        const string Callback = """{"statuses":[{"id":"gB1","status":"delivered","recipient_id":"1","timestamp":"1"}]}""";
        using (var content = new StringContent(Callback, Encoding.UTF8, "application/json"))
        {
            receiver.AnswerWith(500);
            Assert.Equal(HttpStatusCode.InternalServerError, (await client.PostAsync(receiver.Address, content, Cancellation)).StatusCode);
        }

        var waiting = receiver.WaitForStatusAsync("gB1", "delivered", TimeSpan.FromSeconds(10), Cancellation);
        receiver.AnswerWith(200);
        Assert.False(waiting.IsCompleted);
        using (var content = new StringContent(Callback, Encoding.UTF8, "application/json"))
        {
            await client.PostAsync(receiver.Address, content, Cancellation);
        }

        Assert.True((await waiting).WasTaken);
        await receiver.SetDownAsync(true);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(receiver.Address, Cancellation));
    }

    private static Task<HttpProxy> StartAsync(int upstream) => HttpProxy.StartAsync(
        new HttpProxyOptions { Listen = new LabAddress(0), Upstream = new LabAddress(upstream) }, Cancellation);

    private static HttpClient Client(HttpProxy proxy) => new() { BaseAddress = new Uri($"http://127.0.0.1:{proxy.Address.TcpPort}") };

    private static async Task<Socket> SendRawAsync(HttpProxy proxy, string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Address.TcpPort, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        return socket;
    }
}
