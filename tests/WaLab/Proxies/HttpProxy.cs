using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using WaLab.Net;

namespace WaLab.Proxies;

/// <summary>
/// A proxy on a link between the module and a client's API or a Docker host. It can hold, cut, slow down and falsify, and
/// it keeps a list of what went over the link.
/// </summary>
public sealed partial class HttpProxy : IAsyncDisposable
{
    private readonly HttpProxyOptions _options;
    private readonly SlimServer _server;
    private readonly UpstreamForwarder _forwarder;
    private readonly Lock _gate = new();
    private readonly List<ProxyRule> _rules = [];
    private readonly List<ProxyRequest> _requests = [];
    private Task<X509Certificate2>? _certificate;
    private X509Certificate2? _known;
    private LabAddress? _upstream;
    private bool _down;
    private bool _serverIsThere;

    private HttpProxy(HttpProxyOptions options)
    {
        _options = options;
        _upstream = options.Upstream;
        _forwarder = new UpstreamForwarder(Upstream, options.Certificate is null ? null : KnownCertificate);
        _server = new SlimServer(options.Listen, Configure, HandleAsync);
    }

    /// <summary>Where clients connect.</summary>
    public LabAddress Address => _server.Address;

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<ProxyRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts a proxy.</summary>
    public static async Task<HttpProxy> StartAsync(HttpProxyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var proxy = new HttpProxy(options);
        if (!options.FollowsServer)
        {
            await proxy._server.ListenAsync(cancellationToken);
        }

        return proxy;
    }

    /// <summary>
    /// Holds the k-th matching request from now on; where <paramref name="onlyWhile"/> is given, of those that come while it
    /// says so. Paths are regular expressions, without the Docker API version.
    /// </summary>
    public ProxyHold Hold(HoldPoint when, string? method, string path, int occurrence = 1, Func<bool>? onlyWhile = null) =>
        Add(new ProxyHold(when, method, path, occurrence, onlyWhile));

    /// <summary>Answers matching requests itself; after the effect, the server's own answer is lost.</summary>
    public ProxyAnswer Answer(
        HoldPoint when, string? method, string path, int status, string body, string contentType = "application/json", int times = 1, int from = 1) =>
        Add(new ProxyAnswer(when, method, path, from, times, status, body, contentType));

    /// <summary>Cuts the connection of matching requests.</summary>
    public ProxyCut Cut(HoldPoint when, string? method, string path, int times = 1, int from = 1) =>
        Add(new ProxyCut(when, method, path, from, times));

    /// <summary>Makes matching requests wait.</summary>
    public ProxyDelay SlowDown(HoldPoint when, string? method, string path, TimeSpan delay, int times = int.MaxValue) =>
        Add(new ProxyDelay(when, method, path, 1, times, delay));

    /// <summary>How many requests matched so far.</summary>
    public int Count(string? method, string path) => Requests.Count(
        r => (method is null || r.Method == method) && Regex.IsMatch(r.Path.Split('?')[0], path));

    /// <summary>Takes all rules back; what is held goes on.</summary>
    public void ClearRules()
    {
        List<ProxyRule> rules;
        lock (_gate)
        {
            rules = [.. _rules];
            _rules.Clear();
        }

        rules.ForEach(rule => rule.Dispose());
    }

    /// <summary>The link is down: connections are refused. Or up again.</summary>
    public Task SetDownAsync(bool down)
    {
        lock (_gate)
        {
            _down = down;
        }

        return ApplyAsync();
    }

    /// <summary>The server listens now; there, if it may be elsewhere each time.</summary>
    public Task ServerCameAsync(LabAddress? upstream = null)
    {
        lock (_gate)
        {
            _serverIsThere = true;
            _upstream = upstream ?? _upstream;
        }

        return ApplyAsync();
    }

    /// <summary>The server listens no more. Its certificate is forgotten: the next server may have another.</summary>
    public Task ServerWentAsync()
    {
        lock (_gate)
        {
            _serverIsThere = false;
            _certificate = null;
            _known = null;
        }

        return ApplyAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ClearRules();
        await _server.DisposeAsync();
        _forwarder.Dispose();
    }

    private Task ApplyAsync()
    {
        bool listens;
        lock (_gate)
        {
            listens = !_down && (_serverIsThere || !_options.FollowsServer);
        }

        return listens ? _server.ListenAsync() : _server.UnlistenAsync();
    }

    private T Add<T>(T rule)
        where T : ProxyRule
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }

        return rule;
    }

    private void Configure(ListenOptions listen)
    {
        if (!_options.FollowsServer)
        {
            listen.Use(next => connection => RefuseAsServerAsync(connection, next));
        }

        if (_options.Certificate is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = async context => new System.Net.Security.SslServerAuthenticationOptions
                {
                    ServerCertificate = await CertificateAsync(context.CancellationToken),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                },
            });
        }
    }

    private async Task RefuseAsServerAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await Upstream().AcceptsAsync(connection.ConnectionClosed))
        {
            await next(connection);
            return;
        }

        lock (_gate)
        {
            _certificate = null;
        }

        Reset(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
        connection.Abort();
    }

    private LabAddress Upstream()
    {
        lock (_gate)
        {
            return _upstream ?? throw new IOException("The server behind this proxy is not there.");
        }
    }

    private X509Certificate2? KnownCertificate()
    {
        lock (_gate)
        {
            return _known;
        }
    }

    private async Task<X509Certificate2> CertificateAsync(CancellationToken cancellationToken)
    {
        Task<X509Certificate2> reading;
        lock (_gate)
        {
            if (_certificate is null || _certificate.IsFaulted || _certificate.IsCanceled)
            {
                _certificate = _options.Certificate!(CancellationToken.None);
            }

            reading = _certificate;
        }

        var certificate = await reading.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _known = certificate;
        }

        return certificate;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = DockerVersion().Replace(context.Request.Path.Value ?? "/", "");
        ProxyRequest request;
        List<ProxyRule> rules;
        lock (_gate)
        {
            request = new ProxyRequest(
                _requests.Count + 1, _options.TimeProvider.GetUtcNow(), context.Request.Method, path + context.Request.QueryString.Value);
            _requests.Add(request);
            rules = [.. _rules.Where(rule => rule.Take(request.Method, path))];
        }

        try
        {
            await ServeAsync(context, request, rules);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // What the client would see without a proxy: its connection breaks.
            Reset(context);
        }
    }

    private async Task ServeAsync(HttpContext context, ProxyRequest request, List<ProxyRule> rules)
    {
        // The body is read before anything is held: what is forwarded later no longer depends on the client.
        var body = await UpstreamForwarder.ReadBodyAsync(context);
        if (!await ApplyAsync(HoldPoint.BeforeRequest, context, request, rules))
        {
            return;
        }

        // Once it is certain that the effect is wanted, the client's end must not undo it half-way.
        var meetsAnswer = rules.Exists(rule => rule.When == HoldPoint.AfterEffect);
        request.Forwarded();
        using var answer = await _forwarder.SendAsync(context, body, meetsAnswer ? CancellationToken.None : context.RequestAborted);
        request.Answered((int)answer.StatusCode);
        if (meetsAnswer)
        {
            await answer.Content.LoadIntoBufferAsync(CancellationToken.None);
            if (!await ApplyAsync(HoldPoint.AfterEffect, context, request, rules))
            {
                return;
            }
        }

        await UpstreamForwarder.AnswerAsync(context, answer);
    }

    /// <summary>False when the request ends here.</summary>
    private async Task<bool> ApplyAsync(HoldPoint when, HttpContext context, ProxyRequest request, List<ProxyRule> rules)
    {
        foreach (var rule in rules.Where(rule => rule.When == when))
        {
            switch (rule)
            {
                case ProxyDelay delay:
                    await Task.Delay(delay.Delay, _options.TimeProvider, context.RequestAborted);
                    break;
                case ProxyHold hold when !await hold.WaitAsync(request, () => IsClientGone(context), context.RequestAborted):
                    Reset(context);
                    return false;
                case ProxyCut:
                    Reset(context);
                    return false;
                case ProxyAnswer answer:
                    request.Answered(answer.Status);
                    context.Response.StatusCode = answer.Status;
                    context.Response.ContentType = answer.ContentType;
                    await context.Response.WriteAsync(answer.Body, context.RequestAborted);
                    return false;
            }
        }

        return !IsClientGone(context);
    }

    /// <summary>Asks the socket itself: the server's own notice of a closed connection may still be on its way.</summary>
    private static bool IsClientGone(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        try
        {
            return socket is not null && socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static void Reset(HttpContext context)
    {
        Reset(context.Features.Get<IConnectionSocketFeature>()?.Socket);
        context.Abort();
    }

    private static void Reset(Socket? socket)
    {
        try
        {
            if (socket is { AddressFamily: AddressFamily.InterNetwork })
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Closed already, which is what was wanted.
        }
    }

    [GeneratedRegex(@"^/v\d+\.\d+(?=/)")]
    private static partial Regex DockerVersion();
}
