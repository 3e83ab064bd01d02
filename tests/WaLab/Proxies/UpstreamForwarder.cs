using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WaLab.Net;

namespace WaLab.Proxies;

/// <summary>Hands requests to the server behind a proxy and its answers back, unchanged.</summary>
internal sealed class UpstreamForwarder : IDisposable
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    private readonly HttpMessageInvoker _client;
    private readonly string _scheme;

    /// <summary>With <paramref name="expected"/> it speaks TLS, and only to the server that has this certificate.</summary>
    public UpstreamForwarder(Func<LabAddress> upstream, Func<X509Certificate2?>? expected)
    {
        _scheme = expected is null ? "http" : "https";
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (_, cancellation) => await upstream().ConnectAsync(cancellation),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) =>
                    shown is not null && expected?.Invoke() is { } known && shown.GetRawCertData().AsSpan().SequenceEqual(known.RawDataMemory.Span),
            },
        });
    }

    public void Dispose() => _client.Dispose();

    public static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return null;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    public async Task<HttpResponseMessage> SendAsync(HttpContext context, byte[]? body, CancellationToken cancellationToken)
    {
        var host = context.Request.Headers.Host.ToString() is { Length: > 0 } named ? named : "localhost";
        var target = $"{_scheme}://upstream{context.Request.PathBase}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}";
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body is null ? null : new ByteArrayContent(body),
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!HopByHop.Contains(name)
                && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
            }
        }

        request.Headers.Host = host;
        return await _client.SendAsync(request, cancellationToken);
    }

    public static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        if (context.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = answer.ReasonPhrase;
        }

        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        if (HttpMethods.IsHead(context.Request.Method) || response.StatusCode is 204 or 304)
        {
            response.Headers.ContentLength = response.StatusCode is 204 or 304 ? null : response.Headers.ContentLength;
            return;
        }

        await response.StartAsync(context.RequestAborted);
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            // Logs and events arrive line by line: each piece goes on at once.
            await response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
